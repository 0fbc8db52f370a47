using Kernels.Primitives.Softmax;
using Kernels.Primitives.Tiles;

namespace Kernels.Primitives.InstructionSets;

/// <summary>
/// Micro-kernels for a tile of queries: register tiles for QKᵀ and PV, and the online softmax between them. Scores are transposed,
/// [key, row], so that a lane is a row and no maximum or sum goes across lanes.
/// </summary>
public interface ITileKernels
{
    /// <summary>Rows of a register tile (m_R of BLIS).</summary>
    static abstract int TileRows { get; }

    /// <summary>The most vectors in a row of a register tile (n_R of BLIS, in vectors).</summary>
    static abstract int TileVectors { get; }

    /// <summary>Computes register tiles of <see cref="TileRows"/> rows.</summary>
    /// <param name="vectors">Vectors in a row, 1 … <see cref="TileVectors"/>.</param>
    /// <param name="product">Operands.</param>
    static abstract void MultiplyTile(int vectors, in TileProduct product);

    /// <summary>
    /// Scores become weights relative to the running maximum, which they may raise; lazy references, sums and rescale of the rows are
    /// updated.
    /// </summary>
    static abstract void UpdateSoftmax(in ScoreTile tile);

    /// <summary>
    /// Scores become weights relative to the current lazy references; block maxima and block sums of the rows are written.
    /// </summary>
    static abstract void WeighLazily(in ScoreTile tile);

    /// <summary>The lazy references become the maxima of the scores.</summary>
    static abstract void SetReferences(in ScoreTile tile);

    /// <summary>
    /// Adds the block sums to the sums and returns true, unless a block maximum exceeds its lazy reference so far that weights could
    /// overflow.
    /// </summary>
    static abstract bool TryAccept(in ScoreTile tile);
}
