using Kernels.Primitives.Tiles;
using Kernels.Primitives;

namespace Kernels.Flash;

/// <summary>
/// S = KQᵀ for one block. The scores lie transposed, [key, row]: keys are then read where they are, one number at a time, and only the
/// queries need packing, once a tile; and the softmax of 16 rows runs in 16 lanes with no sum or maximum across lanes.
/// </summary>
internal static unsafe class ScoreProduct<TSimd, TVector, TTile>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
    where TTile : struct, IRegisterTile
{
    /// <param name="blocks">Sizes.</param>
    /// <param name="k">[keys, headDim], the first key of the block.</param>
    /// <param name="keys">Keys of the block.</param>
    /// <param name="rows">Rows of the tile.</param>
    /// <param name="scratch">Queries are read; scores are written, for keys and rows rounded up to the register tile.</param>
    public static void Compute(FlashBlocks blocks, float* k, int keys, int rows, FlashScratch scratch)
    {
        int wholeTiles = keys / TTile.Rows;
        int rest = keys % TTile.Rows;
        float* k0 = k + (nint)(keys - rest) * blocks.HeadDim;
        float* restScores = scratch.Scores + (nint)(keys - rest) * FlashScratch.ScoreStride;
        ComputeTiles(blocks, k, wholeTiles, rows, scratch.Queries, scratch.Scores);
        if (rest == 0)
            return;
        // A register tile reads all its rows; those after the last key must not come from beyond the tensor.
        Packing.LastKeys(k0, rest, blocks, scratch.LastKeys);
        ComputeTiles(blocks, scratch.LastKeys, 1, rows, scratch.Queries, restScores);
    }

    private static void ComputeTiles(FlashBlocks blocks, float* k, int tiles, int rows, float* queries, float* scores)
    {
        for (int row = 0, vectors; row < rows; row += vectors * TSimd.Width)
        {
            vectors = Math.Min(TTile.MaxVectors, (rows - row + TSimd.Width - 1) / TSimd.Width);
            TTile.Multiply(vectors, new TileProduct
            {
                Left = k,
                LeftRow = blocks.HeadDim,
                LeftStep = 1,
                LeftTile = TTile.Rows * blocks.HeadDim,
                Right = queries + row,
                RightStep = QueryTile.MaxRows,
                Result = scores + row,
                ResultRow = FlashScratch.ScoreStride,
                ResultTile = TTile.Rows * FlashScratch.ScoreStride,
                Steps = blocks.HeadDim,
                Tiles = tiles,
                Accumulate = false,
            });
        }
    }
}
