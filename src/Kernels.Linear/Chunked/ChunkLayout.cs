using Kernels.Primitives.InstructionSets;

namespace Kernels.Linear;

/// <summary>Sizes of the chunked form, for every instruction set.</summary>
internal static class ChunkLayout
{
    /// <summary>
    /// Tokens in a chunk: whole vectors, and whole blocks of <see cref="IMatrixKernels.MatrixRows"/>. The quadratic part costs up to
    /// 4·Chunk·headDim a query, the state 4·headDim²: with a chunk below the usual head dimensions the first stays small. The rounding
    /// error of sums over keys grows with the chunk; shorter chunks make the matrix products too shallow.
    /// </summary>
    public const int Chunk = 48;
}
