namespace Kernels.Primitives.InstructionSets;

/// <summary>Makes something for a context that only the machine knows; see <see cref="InstructionSet.Widest{TMaker, TResult}"/>.</summary>
/// <typeparam name="TResult">What is made.</typeparam>
public interface IForInstructionSet<out TResult>
{
    /// <summary>Makes it.</summary>
    static abstract TResult For<TSet>()
        where TSet : struct, IInstructionSet;
}
