using Kernels.Abstractions;
using Kernels.Flash.Distances;
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
    /// <param name="keys">Keys of the block.</param>
    /// <param name="block">Their numbers, at least 1.</param>
    /// <param name="rows">Rows of the tile.</param>
    /// <param name="scale">Factor of the scores, in units of log₂ e, positive.</param>
    /// <param name="bias">Added to the scores, in a context without fused register tiles.</param>
    /// <param name="first">Whether there are no lazy references yet.</param>
    /// <param name="scratch">Queries are read, weights written, lazy references and sums updated.</param>
    public static bool TryCompute(
        FlashBlocks blocks, KeyValueBlock keys, KeyRange block, int rows, float scale, DistanceBias bias, bool first, FlashScratch<TSet> scratch)
    {
        if (TSet.InterleavedKeys > 0)
            InterleavedWeights<TSet>.Compute(blocks, keys.Keys, keys.KeyStride, block.Length, rows, scale, first, scratch);
        else if (first)
            return false;
        else
        {
            ScoreProduct<TSet>.Compute(blocks, keys, block, rows, bias, scratch);
            TSet.WeighLazily(scratch.Tile(block.Length, rows, scale));
        }
        return TSet.TryAccept(scratch.Tile(block.Length, rows, scale));
    }
}
