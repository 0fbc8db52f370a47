using Kernels.Primitives.InstructionSets;

namespace Kernels.Linear;

/// <summary>Sizes of the chunked form that suit every instruction set.</summary>
internal static class ChunkLayout
{
    /// <summary>
    /// Tokens in a chunk: whole vectors, and whole blocks of <see cref="IMatrixKernels.MatrixRows"/>. The quadratic part costs up to
    /// 4·Chunk·headDim a query, the state 4·headDim²: below the usual head dimensions the first stays small. Sums over keys are partial sums
    /// of a chunk, and their rounding error grows with it; shorter chunks leave the matrix products too little depth.
    /// </summary>
    public const int Chunk = 48;
}
