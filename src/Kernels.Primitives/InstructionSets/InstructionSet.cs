namespace Kernels.Primitives.InstructionSets;

/// <summary>Functions of any context.</summary>
public static class InstructionSet
{
    /// <summary>Why this machine cannot run the kernels of a context, as a sentence for the report; null when it can.</summary>
    public static string? WhyNot<TSet>()
        where TSet : struct, IInstructionSet =>
        TSet.IsSupported ? null : $"needs {TSet.Name}";

    /// <summary>A count rounded up to whole vectors.</summary>
    public static int WholeVectors<TSet>(int count)
        where TSet : struct, IInstructionSet =>
        (count + TSet.Width - 1) / TSet.Width * TSet.Width;

    /// <summary>Creates an object for the widest context that this machine supports.</summary>
    public static TResult Widest<TMaker, TResult>()
        where TMaker : IForInstructionSet<TResult> =>
        WhyNot<Avx512>() is null ? TMaker.For<Avx512>()
        : WhyNot<Avx2>() is null ? TMaker.For<Avx2>()
        : TMaker.For<Portable>();
}
