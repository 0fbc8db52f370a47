using Kernels.Primitives;
using Kernels.Primitives.Decode;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Flash.Decode;

/// <summary>The two products of a block of keys with all rows, in tiles of as many rows as the registers allow.</summary>
internal static unsafe class DecodeProducts<TSet, TElement>
    where TSet : struct, IInstructionSet
    where TElement : unmanaged, IStored<TElement>
{
    // Four rows: 16 sums and 4 values fit the registers. One row: four independent chains of sums hide the latency.
    private const int Vectors = 4;

    /// <summary>Writes scores [row, <see cref="DecodeLayout.ScoreStride"/>], not yet scaled.</summary>
    /// <param name="blocks">Sizes.</param>
    /// <param name="keys">The keys of the block, each <see cref="RowShape.Length"/> long.</param>
    /// <param name="count">Keys of the block.</param>
    /// <param name="next">The values of the block, to be prefetched.</param>
    /// <param name="scratch">Queries and scores.</param>
    public static void Scores(
        DecodeBlocks blocks, StoredRows<TElement> keys, int count, StoredRows<TElement> next, in DecodeScratch scratch)
    {
        // A tile prefetches contiguous rows. Where rows are not contiguous, it prefetches the queries, which are in cache anyway.
        TElement* ahead = next.FollowEachOther ? next.First : (TElement*)scratch.Queries;
        int nextStride = next.FollowEachOther ? blocks.Key.Length : 0;
        if (count >= DecodeLayout.FewestKeys)
        {
            Scores(blocks, keys.First, count, keys.Stride, ahead, nextStride, scratch.Queries, scratch.Scores);
            return;
        }
        // One key at a time, with stride 0: the tile writes its score several times, and the next key overwrites the surplus.
        for (int key = 0; key < count; key++)
        {
            TElement* row = keys.From(key).First;
            Scores(blocks, row, DecodeLayout.FewestKeys, stride: 0, ahead, nextStride: 0, scratch.Queries, scratch.Scores + key);
        }
    }

    /// <summary>output = output · rescale + weights · values.</summary>
    /// <param name="blocks">Sizes.</param>
    /// <param name="values">The values of the block, each <see cref="RowShape.Length"/> long.</param>
    /// <param name="count">Keys of the block.</param>
    /// <param name="next">The keys of the next block, to be prefetched.</param>
    /// <param name="scratch">Weights and rescale.</param>
    /// <param name="output">[row, channels].</param>
    public static void Values(
        DecodeBlocks blocks, StoredRows<TElement> values, int count, StoredRows<TElement> next, in DecodeScratch scratch, float* output)
    {
        RowShape value = blocks.Value;
        for (int row = 0, rows; row < blocks.Rows; row += rows)
        {
            rows = TileRows(blocks.Rows - row);
            for (int channel = 0, vectors; channel < value.Channels; channel += vectors * TSet.Width)
            {
                vectors = channel <= value.Channels - Vectors * TSet.Width ? Vectors : 1;
                int first = Math.Min(channel, value.LastVector);
                TSet.DecodeValues(rows, vectors, new ValueBlock<TElement>
                {
                    Values = values.First + first,
                    Stride = values.Stride,
                    Count = count,
                    LastVector = Math.Min(channel + (Vectors - 1) * TSet.Width, value.LastVector) - first,
                    Weights = scratch.Scores + row * DecodeLayout.ScoreStride,
                    Rescale = scratch.Rescale + row,
                    Output = output + (nint)row * value.Channels + channel,
                    OutputStride = value.Channels,
                    Next = next.First + (next.FollowEachOther ? (nint)channel * count : channel),
                    NextStride = next.FollowEachOther ? vectors * TSet.Width : next.Stride,
                });
            }
        }
    }

    private static void Scores(
        DecodeBlocks blocks, TElement* keys, int count, nint stride, TElement* next, nint nextStride, float* queries, float* scores)
    {
        for (int row = 0, rows; row < blocks.Rows; row += rows)
        {
            rows = TileRows(blocks.Rows - row);
            TSet.DecodeScores(rows, new KeyBlock<TElement>
            {
                Keys = keys,
                Stride = stride,
                Count = count,
                Channels = blocks.Key.Channels,
                LastVector = blocks.Key.LastVector,
                Queries = queries + row * blocks.Key.Channels,
                Scores = scores + row * DecodeLayout.ScoreStride,
                Next = next,
                NextStride = nextStride,
            });
        }
    }

    /// <summary>The most rows of a tile, of those that are left: 4 where the registers allow it, 2 or 1.</summary>
    private static int TileRows(int left) => left >= TSet.DecodeRows ? TSet.DecodeRows : left >= 2 ? 2 : 1;
}
