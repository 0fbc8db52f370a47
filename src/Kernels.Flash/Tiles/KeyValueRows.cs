using Kernels.Abstractions;
using Kernels.Primitives.InstructionSets;
using Tensor = Kernels.Abstractions.Tensor;

namespace Kernels.Flash.Tiles;

/// <summary>The keys and values of one kv head in the tensors, with any row stride, in float32 or bfloat16.</summary>
internal readonly unsafe struct KeyValueRows<TSet>
    where TSet : struct, IInstructionSet
{
    private readonly void* keys, values, valuesEnd;
    private readonly nint keyStride, valueStride;

    /// <param name="k">Keys of all heads.</param>
    /// <param name="v">Values of all heads, in the same format.</param>
    /// <param name="batch">The sequence.</param>
    /// <param name="head">The kv head.</param>
    public KeyValueRows(in Tensor k, in Tensor v, int batch, int head)
    {
        Layout keyLayout = k.Layout, valueLayout = v.Layout;
        int size = k.Operand.Element.Size();
        keys = (byte*)k.Start + keyLayout.Offset(batch, head, 0) * size;
        values = (byte*)v.Start + valueLayout.Offset(batch, head, 0) * size;
        valuesEnd = (byte*)v.Start + (nint)valueLayout.Extent * size;
        (keyStride, valueStride) = (keyLayout.TokenStride, valueLayout.TokenStride);
    }

    /// <summary>A key in float32.</summary>
    public float* Key(int key) => (float*)keys + key * keyStride;

    /// <summary>A value in float32.</summary>
    public float* Value(int key) => (float*)values + key * valueStride;

    /// <summary>Whether keys are contiguous, and values too.</summary>
    public bool IsInOnePiece(FlashBlocks blocks) => keyStride == blocks.HeadDim && valueStride == blocks.ValueDim;

    /// <summary>The keys and values of a block, copied into the scratch where they cannot be read in place.</summary>
    public KeyValueBlock Read(KeyRange block, FlashBlocks blocks, FlashScratch<TSet> scratch)
    {
        if (blocks.Widens)
            return Widen(block, blocks, scratch);
        float* k = Key(block.Begin), v = Value(block.Begin);
        // Whole vectors read beyond the end of a row, into channels that are never written; at the end of v there is nothing to read.
        bool readsBeyond = (float*)valuesEnd - Value(block.End - 1) < blocks.Channels;
        return readsBeyond
            ? new(k, keyStride, Packing<TSet>.Values(v, valueStride, block.Length, blocks, scratch.Values), blocks.Channels)
            : new(k, keyStride, v, valueStride);
    }

    /// <summary>What to prefetch before the block that begins at a key: contiguous float32 keys and values.</summary>
    public Upcoming Ahead(int begin, FlashBlocks blocks) => blocks.Widens
        ? default
        : new(
            keyStride == blocks.HeadDim ? Key(begin) : null,
            valueStride == blocks.ValueDim ? Value(begin) : null);

    /// <summary>Whether the first keys and their values are finite.</summary>
    public bool AreFinite(int count, FlashBlocks blocks)
    {
        for (int key = 0; key < count; key++)
        {
            bool finite = blocks.Widens
                ? AreFinite(new ReadOnlySpan<ushort>((ushort*)keys + key * keyStride, blocks.HeadDim))
                    && AreFinite(new ReadOnlySpan<ushort>((ushort*)values + key * valueStride, blocks.ValueDim))
                : TSet.AllFinite(Key(key), blocks.HeadDim)
                    && TSet.AllFinite(Value(key), blocks.ValueDim);
            if (!finite)
                return false;
        }
        return true;
    }

    private static bool AreFinite(ReadOnlySpan<ushort> row)
    {
        const int Exponent = 0x7F80;
        foreach (ushort number in row)
        {
            if ((number & Exponent) == Exponent)
                return false;
        }
        return true;
    }

    private KeyValueBlock Widen(KeyRange block, FlashBlocks blocks, FlashScratch<TSet> scratch)
    {
        ushort* k = (ushort*)keys + block.Begin * keyStride, v = (ushort*)values + block.Begin * valueStride;
        return new(
            Packing<TSet>.Widen(k, keyStride, block.Length, blocks.HeadDim, blocks.HeadDim, scratch.Keys), blocks.HeadDim,
            Packing<TSet>.Widen(v, valueStride, block.Length, blocks.ValueDim, blocks.Channels, scratch.Values), blocks.Channels);
    }
}
