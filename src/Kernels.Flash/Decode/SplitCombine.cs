using Kernels.Primitives;

namespace Kernels.Flash.Decode;

/// <summary>
/// Joins the splits of one kv head: each counts by 2^((its maximum − the largest)·scale), and the sum of weights divides the whole
/// (FlashDecoding, Dao et al. 2023).
/// </summary>
internal static unsafe class SplitCombine<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Writes the output rows of one kv head.</summary>
    /// <param name="blocks">Sizes.</param>
    /// <param name="rows">The rows; one that sees no key becomes zeros.</param>
    /// <param name="scale">Factor of the scores, in units of log₂ e, positive.</param>
    /// <param name="first">The first split.</param>
    /// <param name="splits">Splits, each <see cref="PartialOutput.Length"/> floats after the one before.</param>
    /// <param name="output">The whole output.</param>
    public static void Write(DecodeBlocks blocks, DecodeRows rows, float scale, PartialOutput first, int splits, float* output)
    {
        nint stride = PartialOutput.Length(blocks);
        for (int row = 0; row < rows.Count; row++)
        {
            float* target = output + rows.Offset + row * blocks.HeadDim;
            if (rows.Visible(row).IsEmpty)
                new Span<float>(target, blocks.HeadDim).Clear();
            else
                WriteRow(blocks, row, scale, first, splits, stride, target);
        }
    }

    private static void WriteRow(
        DecodeBlocks blocks, int row, float scale, PartialOutput first, int splits, nint stride, float* target)
    {
        float* max = first.Max + row, sum = first.Sum + row, source = first.Output + row * blocks.Channels;
        float largest = max[0];
        for (int split = 1; split < splits; split++)
            largest = MathF.Max(largest, max[split * stride]);
        float total = 0;
        for (int split = 0; split < splits; split++)
        {
            float share = Share(max[split * stride], largest, scale);
            total += share * sum[split * stride];
            // Its maximum is not needed any more: its place keeps the share for the loop over channels.
            max[split * stride] = share;
        }
        TVector factor = TSimd.Create(1 / total);
        for (int channel = 0; channel < blocks.Channels; channel += TSimd.Width)
        {
            TVector value = default;
            for (int split = 0; split < splits; split++)
                value = TSimd.MultiplyAdd(TSimd.Create(max[split * stride]), TSimd.Load(source + split * stride + channel), value);
            TSimd.Store(TSimd.Multiply(value, factor), source + channel);
        }
        WriteChannels(blocks, source, target);
    }

    // The last vector of a row overlaps the one before where the channels are not whole vectors.
    private static void WriteChannels(DecodeBlocks blocks, float* source, float* target)
    {
        int last = blocks.Channels - blocks.Width;
        if (blocks.PadsRows)
        {
            new ReadOnlySpan<float>(source, blocks.HeadDim).CopyTo(new Span<float>(target, blocks.HeadDim));
            return;
        }
        for (int channel = 0; channel < last; channel += TSimd.Width)
            TSimd.Store(TSimd.Load(source + channel), target + channel);
        TSimd.Store(TSimd.Load(source + last), target + blocks.LastVector);
    }

    private static float Share(float max, float largest, float scale)
    {
        float* lanes = stackalloc float[CacheLine.Floats];
        TSimd.Store(VectorExp.Exp2<TSimd, TVector>(TSimd.Create((max - largest) * scale)), lanes);
        return lanes[0];
    }
}
