using Kernels.Abstractions;
using Kernels.Flash.Tiles;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Sparse;

/// <summary>Copies keys and values that are not contiguous into contiguous memory until they fill a block.</summary>
internal unsafe struct GatheredKeys<TSet>
    where TSet : struct, IInstructionSet
{
    private readonly FlashBlocks blocks;
    private readonly KeyValueRows<TSet> source;
    private readonly float* keys, values;

    /// <param name="blocks">Sizes.</param>
    /// <param name="source">Keys and values of the head.</param>
    /// <param name="memory"><see cref="Length"/> floats at any address.</param>
    public GatheredKeys(FlashBlocks blocks, in KeyValueRows<TSet> source, float* memory)
    {
        this.blocks = blocks;
        this.source = source;
        keys = CacheLine.Align(memory);
        values = keys + blocks.Keys * blocks.HeadDim;
    }

    /// <summary>The gathered keys and values, the values padded to whole vectors.</summary>
    public readonly KeyValueBlock Rows => new(keys, blocks.HeadDim, values, blocks.Channels);

    /// <summary>Keys gathered so far.</summary>
    public int Count { get; private set; }

    /// <summary>The most keys of a block.</summary>
    public readonly int Room => blocks.Keys;

    /// <summary>Whether there is no room for another key.</summary>
    public readonly bool IsFull => Count == Room;

    /// <summary>Floats of memory.</summary>
    public static int Length(FlashBlocks blocks) => blocks.Keys * (blocks.HeadDim + blocks.Channels) + CacheLine.Floats;

    /// <summary>Removes all keys.</summary>
    public void Clear() => Count = 0;

    /// <summary>Copies as many of <paramref name="run"/> as there is room for, and returns their number.</summary>
    public int Add(TokenRun run)
    {
        int count = Math.Min(run.Count, blocks.Keys - Count);
        float* k = keys + Count * blocks.HeadDim, v = values + Count * blocks.Channels;
        Count += count;
        if (run.Step == 1 && source.IsInOnePiece(blocks) && blocks.WholeVectors)
        {
            int keyLength = count * blocks.HeadDim, valueLength = count * blocks.ValueDim;
            new ReadOnlySpan<float>(source.Key(run.Begin), keyLength).CopyTo(new Span<float>(k, keyLength));
            new ReadOnlySpan<float>(source.Value(run.Begin), valueLength).CopyTo(new Span<float>(v, valueLength));
            return count;
        }
        for (int i = 0; i < count; i++)
        {
            new ReadOnlySpan<float>(source.Key(run[i]), blocks.HeadDim).CopyTo(new Span<float>(k, blocks.HeadDim));
            Packing<TSet>.Values(source.Value(run[i]), 0, 1, blocks, v);
            k += blocks.HeadDim;
            v += blocks.Channels;
        }
        return count;
    }
}
