using Kernels.Primitives.InstructionSets;

namespace Kernels.Flash.Tiles;

/// <summary>
/// The weights of a block that every row of a query tile sees, in one pass over the scores, relative to the current lazy references, which
/// most blocks do not exceed. Other blocks need two passes, one for the maximum and one for the weights.
/// </summary>
internal static unsafe class BlockWeights<TSet>
    where TSet : struct, IInstructionSet
{
    /// <summary>
    /// Writes the weights of a block relative to the current lazy references (which the first block sets), and adds them to the sums.
    /// </summary>
    /// <returns>False when the lazy references are too small for this block: sums and output are then unchanged, scores and weights
    /// arbitrary.</returns>
    /// <param name="blocks">Sizes.</param>
    /// <param name="k">[keys, headDim], the first key of the block.</param>
    /// <param name="stride">Floats from one key to the next.</param>
    /// <param name="keys">Keys of the block, at least 1.</param>
    /// <param name="rows">Rows of the tile.</param>
    /// <param name="scale">Factor of the scores, in units of log₂ e, positive.</param>
    /// <param name="first">Whether no block came before.</param>
    /// <param name="scratch">Queries are read, weights written, lazy references and sums updated.</param>
    public static bool TryCompute(
        FlashBlocks blocks, float* k, nint stride, int keys, int rows, float scale, bool first, FlashScratch<TSet> scratch)
    {
        if (TSet.InterleavedKeys > 0)
            InterleavedWeights<TSet>.Compute(blocks, k, stride, keys, rows, scale, first, scratch);
        else if (first)
            return false;
        else
        {
            ScoreProduct<TSet>.Compute(blocks, k, stride, keys, rows, scratch);
            TSet.WeighLazily(scratch.Tile(keys, rows, scale));
        }
        return TSet.TryAccept(scratch.Tile(keys, rows, scale));
    }
}
