using Kernels.Abstractions;
using Kernels.Flash;
using Kernels.Primitives;

namespace Kernels.Sparse;

/// <summary>Keys and values that lie apart, copied side by side until there are enough for a block.</summary>
internal unsafe struct GatheredKeys
{
    private readonly FlashBlocks blocks;
    private readonly float* k, v;

    /// <param name="blocks">Sizes.</param>
    /// <param name="k">[keys, headDim] of the head.</param>
    /// <param name="v">[keys, headDim] of the head.</param>
    /// <param name="memory"><see cref="Length"/> floats at any address.</param>
    public GatheredKeys(FlashBlocks blocks, float* k, float* v, float* memory)
    {
        this.blocks = blocks;
        this.k = k;
        this.v = v;
        Keys = CacheLine.Align(memory);
        Values = Keys + blocks.Keys * blocks.HeadDim;
    }

    /// <summary>[<see cref="FlashBlocks.Keys"/>, headDim].</summary>
    public float* Keys { get; }

    /// <summary>[<see cref="FlashBlocks.Keys"/>, channels].</summary>
    public float* Values { get; }

    /// <summary>Floats from one value to the next.</summary>
    public readonly int ValueStride => blocks.Channels;

    /// <summary>Keys gathered so far.</summary>
    public int Count { get; private set; }

    /// <summary>The most keys of a block.</summary>
    public readonly int Room => blocks.Keys;

    /// <summary>Whether there is no room for another key.</summary>
    public readonly bool IsFull => Count == Room;

    /// <summary>Floats of memory.</summary>
    public static int Length(FlashBlocks blocks) => blocks.Keys * (blocks.HeadDim + blocks.Channels) + CacheLine.Floats;

    /// <summary>Forgets what was gathered.</summary>
    public void Clear() => Count = 0;

    /// <summary>Copies as many of <paramref name="run"/> as there is room for, and gives their number.</summary>
    public int Add(TokenRun run)
    {
        int count = Math.Min(run.Count, blocks.Keys - Count);
        float* keys = Keys + Count * blocks.HeadDim, values = Values + Count * blocks.Channels;
        Count += count;
        if (run.Step == 1 && blocks.Channels == blocks.HeadDim)
        {
            nint begin = (nint)run.Begin * blocks.HeadDim, length = (nint)count * blocks.HeadDim;
            new ReadOnlySpan<float>(k + begin, (int)length).CopyTo(new Span<float>(keys, (int)length));
            new ReadOnlySpan<float>(v + begin, (int)length).CopyTo(new Span<float>(values, (int)length));
            return count;
        }
        for (int i = 0; i < count; i++)
        {
            nint offset = (nint)run[i] * blocks.HeadDim;
            new ReadOnlySpan<float>(k + offset, blocks.HeadDim).CopyTo(new Span<float>(keys, blocks.HeadDim));
            Packing.Values(v + offset, 1, blocks, values);
            keys += blocks.HeadDim;
            values += blocks.Channels;
        }
        return count;
    }
}
