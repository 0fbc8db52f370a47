namespace Kernels.Primitives.InstructionSets;

/// <summary>
/// A micro-kernel of one family, for every vector width: its fields are the operands, and <see cref="IInstructionSet.Run"/> calls it with
/// the vectors of a context. A family can add a loop this way without changing the contexts.
/// </summary>
public interface IVectorKernel
{
    /// <summary>Runs the loop.</summary>
    /// <typeparam name="TSimd">The operations of the vector width.</typeparam>
    /// <typeparam name="TVector">The vector type.</typeparam>
    void Run<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged;
}
