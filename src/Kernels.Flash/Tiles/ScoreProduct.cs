using Kernels.Abstractions;
using Kernels.Flash.Distances;
using Kernels.Primitives.InstructionSets;
using Kernels.Primitives.Tiles;

namespace Kernels.Flash.Tiles;

/// <summary>
/// S = KQᵀ for one block. The scores are transposed, [key, row]: keys are read in place, one number at a time, only the queries need
/// packing, once for each tile, and the softmax of 16 rows runs in 16 lanes with no sum or maximum across lanes.
/// </summary>
internal static unsafe class ScoreProduct<TSet>
    where TSet : struct, IInstructionSet
{
    /// <summary>Scores of a block, and what is added to them.</summary>
    /// <param name="blocks">Sizes.</param>
    /// <param name="keys">Keys of the block.</param>
    /// <param name="block">Their numbers.</param>
    /// <param name="rows">Rows of the tile.</param>
    /// <param name="bias">Added to the scores.</param>
    /// <param name="scratch">Queries are read; scores are written, for keys and rows rounded up to the register tile.</param>
    public static void Compute(FlashBlocks blocks, KeyValueBlock keys, KeyRange block, int rows, DistanceBias bias, FlashScratch<TSet> scratch)
    {
        Multiply(blocks, keys.Keys, keys.KeyStride, block.Length, rows, scratch);
        if (!bias.IsNone)
            bias.AddToColumns<TSet>(scratch.Scores, TSet.ScoreStride, block, InstructionSet.WholeVectors<TSet>(rows));
    }

    private static void Multiply(FlashBlocks blocks, float* k, nint stride, int keys, int rows, FlashScratch<TSet> scratch)
    {
        int wholeTiles = keys / TSet.TileRows;
        int rest = keys % TSet.TileRows;
        float* k0 = k + (keys - rest) * stride;
        float* restScores = scratch.Scores + (nint)(keys - rest) * TSet.ScoreStride;
        ComputeTiles(blocks, k, stride, wholeTiles, rows, scratch.Queries, scratch.Scores);
        if (rest == 0)
            return;
        // A register tile always reads whole tiles of keys, which must not extend beyond the tensor.
        Packing<TSet>.LastKeys(k0, stride, rest, blocks, scratch.LastKeys);
        ComputeTiles(blocks, scratch.LastKeys, blocks.HeadDim, 1, rows, scratch.Queries, restScores);
    }

    private static void ComputeTiles(FlashBlocks blocks, float* k, nint stride, int tiles, int rows, float* queries, float* scores)
    {
        for (int row = 0, vectors; row < rows; row += vectors * TSet.Width)
        {
            vectors = Math.Min(TSet.TileVectors, (rows - row + TSet.Width - 1) / TSet.Width);
            TSet.MultiplyTile(vectors, new TileProduct
            {
                Left = k,
                LeftRow = stride,
                LeftStep = 1,
                LeftTile = TSet.TileRows * stride,
                Right = queries + row,
                RightStep = TSet.QueryRows,
                Result = scores + row,
                ResultRow = TSet.ScoreStride,
                ResultTile = TSet.TileRows * TSet.ScoreStride,
                Steps = blocks.HeadDim,
                Tiles = tiles,
                Accumulate = false,
            });
        }
    }
}
