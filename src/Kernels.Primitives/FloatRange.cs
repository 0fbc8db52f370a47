namespace Kernels.Primitives;

/// <summary>All floats of one sign from one magnitude to a larger one, both included.</summary>
internal readonly record struct FloatRange(float Smaller, float Larger)
{
    private uint First => BitConverter.SingleToUInt32Bits(Smaller);

    private uint Last => BitConverter.SingleToUInt32Bits(Larger);

    /// <summary>Number of blocks of <see cref="ExpErrorBlock.Length"/> floats, every <paramref name="stride"/>-th of the range.</summary>
    public long Blocks(int stride)
    {
        long span = (long)ExpErrorBlock.Length * stride;
        return (Last - First + span) / span;
    }

    /// <summary>Writes one block; past the end of the range its last float is repeated.</summary>
    public void Fill(long block, int stride, Span<float> destination)
    {
        long bits = First + block * destination.Length * stride;
        for (int i = 0; i < destination.Length; i++, bits += stride)
            destination[i] = BitConverter.UInt32BitsToSingle((uint)Math.Min(bits, Last));
    }
}
