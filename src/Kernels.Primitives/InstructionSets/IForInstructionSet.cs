namespace Kernels.Primitives.InstructionSets;

/// <summary>Creates an object for a context that is chosen at run time; see <see cref="InstructionSet.Widest{TMaker, TResult}"/>.</summary>
/// <typeparam name="TResult">Type of the object.</typeparam>
public interface IForInstructionSet<out TResult>
{
    /// <summary>Creates it.</summary>
    static abstract TResult For<TSet>()
        where TSet : struct, IInstructionSet;
}
