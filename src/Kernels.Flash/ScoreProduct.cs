using Kernels.Flash.Tiles;
using Kernels.Simd.Vectors;

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
        int vectors = (rows + TSimd.Width - 1) / TSimd.Width;
        int wholeTiles = keys / TTile.Rows * TTile.Rows;
        for (int key = 0; key < wholeTiles; key += TTile.Rows)
            ComputeTiles(blocks, k + (nint)key * blocks.HeadDim, key, vectors, scratch);
        if (wholeTiles == keys)
            return;
        // The register tile reads all its rows; those after the last key must not come from beyond the tensor.
        int rest = (keys - wholeTiles) * blocks.HeadDim;
        new ReadOnlySpan<float>(k + (nint)wholeTiles * blocks.HeadDim, rest).CopyTo(new Span<float>(scratch.LastKeys, rest));
        ComputeTiles(blocks, scratch.LastKeys, wholeTiles, vectors, scratch);
    }

    private static void ComputeTiles(FlashBlocks blocks, float* k, int key, int vectors, FlashScratch scratch)
    {
        for (int first = 0; first < vectors; first += TTile.MaxVectors)
        {
            int lane = first * TSimd.Width;
            TTile.Multiply(Math.Min(TTile.MaxVectors, vectors - first), new TileProduct
            {
                Left = k,
                LeftRow = blocks.HeadDim,
                LeftStep = 1,
                Right = scratch.Queries + lane,
                RightStep = QueryTile.MaxRows,
                Steps = blocks.HeadDim,
                Result = scratch.Scores + (nint)key * QueryTile.MaxRows + lane,
                ResultRow = QueryTile.MaxRows,
                Accumulate = false,
            });
        }
    }
}
