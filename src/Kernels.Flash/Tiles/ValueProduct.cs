using Kernels.Abstractions;
using Kernels.Primitives.InstructionSets;
using Kernels.Primitives.Tiles;

namespace Kernels.Flash.Tiles;

/// <summary>O += PV for one block: weights are read transposed, as the scores were written, and values in place.</summary>
internal static unsafe class ValueProduct<TSet>
    where TSet : struct, IInstructionSet
{
    /// <param name="blocks">Sizes.</param>
    /// <param name="v">[keys, valueDim], the first value of the block, readable in whole vectors.</param>
    /// <param name="stride">Floats from one value to the next.</param>
    /// <param name="block">The keys of the block.</param>
    /// <param name="rows">Rows of the tile.</param>
    /// <param name="visible">Keys that no row of a register tile sees are skipped.</param>
    /// <param name="accumulate">False for the first block, which overwrites the output.</param>
    /// <param name="upcoming">What is prefetched meanwhile.</param>
    /// <param name="scratch">Weights are read, the output is written.</param>
    public static void Add(
        FlashBlocks blocks, float* v, nint stride, KeyRange block, int rows, VisibleKeys<TSet> visible, bool accumulate, Upcoming upcoming,
        FlashScratch<TSet> scratch)
    {
        int tiles = (rows + TSet.TileRows - 1) / TSet.TileRows, half = (tiles + 1) / 2;
        if (visible.Covers(block))
        {
            int halfRows = half * TSet.TileRows;
            AddTiles(blocks, v, stride, block.Length, half, scratch.Scores, accumulate, scratch.Output, upcoming.First);
            AddTiles(
                blocks, v, stride, block.Length, tiles - half, scratch.Scores + halfRows, accumulate,
                scratch.Output + (nint)halfRows * blocks.Channels, upcoming.Second);
            return;
        }
        float* ahead = upcoming.First;
        for (int row = 0; row < rows; row += TSet.TileRows)
        {
            if (row == half * TSet.TileRows)
                ahead = upcoming.Second;
            KeyRange seen = visible.SeenBy(row, TSet.TileRows, block);
            nint skipped = seen.Begin - block.Begin;
            AddTiles(
                blocks, v + skipped * stride, stride, seen.Length, 1, scratch.Scores + skipped * TSet.ScoreStride + row, accumulate,
                scratch.Output + (nint)row * blocks.Channels, ahead);
            ahead = ahead == null ? null : ahead + AheadStep(blocks.Channels) * seen.Length;
        }
    }

    private static void AddTiles(
        FlashBlocks blocks, float* v, nint stride, int keys, int tiles, float* weights, bool accumulate, float* output, float* ahead)
    {
        int vectors = blocks.Channels / TSet.Width;
        for (int first = 0, count; first < vectors; first += count)
        {
            count = NextTile(vectors - first);
            TSet.MultiplyTile(count, new TileProduct
            {
                Left = weights,
                LeftRow = 1,
                LeftStep = TSet.ScoreStride,
                LeftTile = TSet.TileRows,
                Right = v + first * TSet.Width,
                RightStep = stride,
                Result = output + first * TSet.Width,
                ResultRow = blocks.Channels,
                ResultTile = TSet.TileRows * blocks.Channels,
                Steps = keys,
                Tiles = tiles,
                Ahead = ahead == null ? null : ahead + AheadStep(first * TSet.Width) * keys * tiles,
                AheadStep = AheadStep(count * TSet.Width),
                Accumulate = accumulate,
            });
        }
    }

    // Over all rows of a full tile, each half of the product prefetches as many bytes as the values of a block have.
    private static nint AheadStep(int lanes) => 2 * lanes * TSet.TileRows / TSet.QueryRows;

    // As few tiles as possible, of widths as equal as possible: 4 vectors are 2 + 2, because the 1 of 3 + 1 would have too few
    // accumulators.
    private static int NextTile(int vectors)
    {
        int tiles = (vectors + TSet.TileVectors - 1) / TSet.TileVectors;
        return (vectors + tiles - 1) / tiles;
    }
}
