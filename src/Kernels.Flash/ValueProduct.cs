using Kernels.Abstractions;
using Kernels.Primitives.Tiles;
using Kernels.Primitives;

namespace Kernels.Flash;

/// <summary>O += PV for one block: weights are read transposed, as the scores were written, and values where they are.</summary>
internal static unsafe class ValueProduct<TSimd, TVector, TTile>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
    where TTile : struct, IRegisterTile
{
    /// <param name="blocks">Sizes.</param>
    /// <param name="v">[keys, stride], the first key of the block, readable in whole vectors.</param>
    /// <param name="stride">Floats from one key to the next.</param>
    /// <param name="block">The keys of the block.</param>
    /// <param name="rows">Rows of the tile.</param>
    /// <param name="visible">Keys that no row of a register tile sees are skipped.</param>
    /// <param name="accumulate">False for the first block, which overwrites the output.</param>
    /// <param name="upcoming">What is fetched meanwhile.</param>
    /// <param name="scratch">Weights are read, the output is written.</param>
    public static void Add(
        FlashBlocks blocks, float* v, int stride, KeyRange block, int rows, VisibleKeys visible, bool accumulate, Upcoming upcoming,
        FlashScratch scratch)
    {
        int tiles = (rows + TTile.Rows - 1) / TTile.Rows, half = (tiles + 1) / 2;
        if (visible.Covers(block))
        {
            int halfRows = half * TTile.Rows;
            AddTiles(blocks, v, stride, block.Length, half, scratch.Scores, accumulate, scratch.Output, upcoming.First);
            AddTiles(
                blocks, v, stride, block.Length, tiles - half, scratch.Scores + halfRows, accumulate,
                scratch.Output + (nint)halfRows * blocks.Channels, upcoming.Second);
            return;
        }
        float* ahead = upcoming.First;
        for (int row = 0; row < rows; row += TTile.Rows)
        {
            if (row == half * TTile.Rows)
                ahead = upcoming.Second;
            KeyRange seen = visible.SeenBy(row, TTile.Rows, block);
            nint skipped = seen.Begin - block.Begin;
            AddTiles(
                blocks, v + skipped * stride, stride, seen.Length, 1, scratch.Scores + skipped * FlashScratch.ScoreStride + row, accumulate,
                scratch.Output + (nint)row * blocks.Channels, ahead);
            ahead = ahead == null ? null : ahead + AheadStep(blocks.Channels) * seen.Length;
        }
    }

    private static void AddTiles(
        FlashBlocks blocks, float* v, int stride, int keys, int tiles, float* weights, bool accumulate, float* output, float* ahead)
    {
        int vectors = blocks.Channels / TSimd.Width;
        for (int first = 0, count; first < vectors; first += count)
        {
            count = NextTile(vectors - first);
            TTile.Multiply(count, new TileProduct
            {
                Left = weights,
                LeftRow = 1,
                LeftStep = FlashScratch.ScoreStride,
                LeftTile = TTile.Rows,
                Right = v + first * TSimd.Width,
                RightStep = stride,
                Result = output + first * TSimd.Width,
                ResultRow = blocks.Channels,
                ResultTile = TTile.Rows * blocks.Channels,
                Steps = keys,
                Tiles = tiles,
                Ahead = ahead == null ? null : ahead + AheadStep(first * TSimd.Width) * keys * tiles,
                AheadStep = AheadStep(count * TSimd.Width),
                Accumulate = accumulate,
            });
        }
    }

    // Over all the rows of a full tile, as many bytes are fetched as there are keys and values in a block.
    private static nint AheadStep(int lanes) => 2 * lanes * TTile.Rows / QueryTile.MaxRows;

    // As few tiles as can be, of as equal width as can be: 4 vectors are 2 + 2, because 3 + 1 would leave a tile with few accumulators.
    private static int NextTile(int vectors)
    {
        int tiles = (vectors + TTile.MaxVectors - 1) / TTile.MaxVectors;
        return (vectors + tiles - 1) / tiles;
    }
}
