using System.Runtime.CompilerServices;
using Kernels.Primitives;

namespace Kernels.Flash.Decode;

/// <summary>
/// Adds the values of a block, weighted, to the outputs of all rows. The sums of some rows and channels stay in registers while the keys of
/// the block pass.
/// </summary>
internal static unsafe class DecodeValues<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>output = output · rescale + weights · values.</summary>
    /// <param name="blocks">Sizes.</param>
    /// <param name="values">[count, <see cref="DecodeBlocks.RowLength"/>].</param>
    /// <param name="count">Keys of the block.</param>
    /// <param name="next">As many floats are prefetched from here.</param>
    /// <param name="scratch">Weights and rescale.</param>
    /// <param name="output">[row, channels].</param>
    public static void Add(DecodeBlocks blocks, float* values, int count, float* next, DecodeScratch scratch, float* output)
    {
        var block = new ValueBlock(blocks, values, count, next, scratch, output);
        int row = 0;
        // Sixteen sums and four values need the 32 registers that come with vectors of this width.
        if (TSimd.Width == 16)
        {
            for (; row <= blocks.Rows - 4; row += 4)
            {
                int channel = 0;
                for (; channel <= blocks.Channels - 4 * TSimd.Width; channel += 4 * TSimd.Width)
                    Rows4Vectors4(block, channel, row);
                for (; channel < blocks.Channels; channel += TSimd.Width)
                    Rows4Vectors1(block, channel, row);
            }
        }
        for (; row <= blocks.Rows - 2; row += 2)
        {
            int channel = 0;
            for (; channel <= blocks.Channels - 4 * TSimd.Width; channel += 4 * TSimd.Width)
                Rows2Vectors4(block, channel, row);
            for (; channel < blocks.Channels; channel += TSimd.Width)
                Rows2Vectors1(block, channel, row);
        }
        if (row < blocks.Rows)
        {
            int channel = 0;
            for (; channel <= blocks.Channels - 4 * TSimd.Width; channel += 4 * TSimd.Width)
                Rows1Vectors4(block, channel, row);
            for (; channel < blocks.Channels; channel += TSimd.Width)
                Rows1Vectors1(block, channel, row);
        }
    }

    /// <summary>4 rows, 4 vectors of channels.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Rows4Vectors4(ValueBlock block, nint channel, int row)
    {
        nint stride = block.Stride, first = Math.Min(channel, block.LastVector);
        nint last = Math.Min(channel + 3 * TSimd.Width, block.LastVector) - first;
        float* v = block.Values + first;
        float* weights = block.Weights + row * DecodeScratch.ScoreStride, next = block.Next + channel * block.Keys;
        float* output = block.Output + row * block.Channels + channel;
        TVector rescale0 = TSimd.Create(block.Rescale[row]);
        float* output0 = output;
        TVector s00 = TSimd.Multiply(TSimd.Load(output0), rescale0), s01 = TSimd.Multiply(TSimd.Load(output0 + TSimd.Width), rescale0),
            s02 = TSimd.Multiply(TSimd.Load(output0 + 2 * TSimd.Width), rescale0), s03 = TSimd.Multiply(TSimd.Load(output0 + 3 * TSimd.Width), rescale0);
        TVector rescale1 = TSimd.Create(block.Rescale[row + 1]);
        float* output1 = output + block.Channels;
        TVector s10 = TSimd.Multiply(TSimd.Load(output1), rescale1), s11 = TSimd.Multiply(TSimd.Load(output1 + TSimd.Width), rescale1),
            s12 = TSimd.Multiply(TSimd.Load(output1 + 2 * TSimd.Width), rescale1), s13 = TSimd.Multiply(TSimd.Load(output1 + 3 * TSimd.Width), rescale1);
        TVector rescale2 = TSimd.Create(block.Rescale[row + 2]);
        float* output2 = output + 2 * block.Channels;
        TVector s20 = TSimd.Multiply(TSimd.Load(output2), rescale2), s21 = TSimd.Multiply(TSimd.Load(output2 + TSimd.Width), rescale2),
            s22 = TSimd.Multiply(TSimd.Load(output2 + 2 * TSimd.Width), rescale2), s23 = TSimd.Multiply(TSimd.Load(output2 + 3 * TSimd.Width), rescale2);
        TVector rescale3 = TSimd.Create(block.Rescale[row + 3]);
        float* output3 = output + 3 * block.Channels;
        TVector s30 = TSimd.Multiply(TSimd.Load(output3), rescale3), s31 = TSimd.Multiply(TSimd.Load(output3 + TSimd.Width), rescale3),
            s32 = TSimd.Multiply(TSimd.Load(output3 + 2 * TSimd.Width), rescale3), s33 = TSimd.Multiply(TSimd.Load(output3 + 3 * TSimd.Width), rescale3);
        for (int key = 0; key < block.Keys; key++)
        {
            TVector a = TSimd.Load(v), b = TSimd.Load(v + TSimd.Width), c = TSimd.Load(v + 2 * TSimd.Width), d = TSimd.Load(v + last);
            TVector weight = TSimd.Create(weights[key]);
            s00 = TSimd.MultiplyAdd(a, weight, s00);
            s01 = TSimd.MultiplyAdd(b, weight, s01);
            s02 = TSimd.MultiplyAdd(c, weight, s02);
            s03 = TSimd.MultiplyAdd(d, weight, s03);
            weight = TSimd.Create(weights[DecodeScratch.ScoreStride + key]);
            s10 = TSimd.MultiplyAdd(a, weight, s10);
            s11 = TSimd.MultiplyAdd(b, weight, s11);
            s12 = TSimd.MultiplyAdd(c, weight, s12);
            s13 = TSimd.MultiplyAdd(d, weight, s13);
            weight = TSimd.Create(weights[2 * DecodeScratch.ScoreStride + key]);
            s20 = TSimd.MultiplyAdd(a, weight, s20);
            s21 = TSimd.MultiplyAdd(b, weight, s21);
            s22 = TSimd.MultiplyAdd(c, weight, s22);
            s23 = TSimd.MultiplyAdd(d, weight, s23);
            weight = TSimd.Create(weights[3 * DecodeScratch.ScoreStride + key]);
            s30 = TSimd.MultiplyAdd(a, weight, s30);
            s31 = TSimd.MultiplyAdd(b, weight, s31);
            s32 = TSimd.MultiplyAdd(c, weight, s32);
            s33 = TSimd.MultiplyAdd(d, weight, s33);
            Prefetch.FourVectors<TSimd, TVector>(next);
            v += stride;
            next += 4 * TSimd.Width;
        }
        TSimd.Store(s00, output0);
        TSimd.Store(s01, output0 + TSimd.Width);
        TSimd.Store(s02, output0 + 2 * TSimd.Width);
        TSimd.Store(s03, output0 + 3 * TSimd.Width);
        TSimd.Store(s10, output1);
        TSimd.Store(s11, output1 + TSimd.Width);
        TSimd.Store(s12, output1 + 2 * TSimd.Width);
        TSimd.Store(s13, output1 + 3 * TSimd.Width);
        TSimd.Store(s20, output2);
        TSimd.Store(s21, output2 + TSimd.Width);
        TSimd.Store(s22, output2 + 2 * TSimd.Width);
        TSimd.Store(s23, output2 + 3 * TSimd.Width);
        TSimd.Store(s30, output3);
        TSimd.Store(s31, output3 + TSimd.Width);
        TSimd.Store(s32, output3 + 2 * TSimd.Width);
        TSimd.Store(s33, output3 + 3 * TSimd.Width);
    }

    /// <summary>4 rows, 1 vector of channels.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Rows4Vectors1(ValueBlock block, nint channel, int row)
    {
        nint stride = block.Stride, first = Math.Min(channel, block.LastVector);
        float* v = block.Values + first;
        float* weights = block.Weights + row * DecodeScratch.ScoreStride, next = block.Next + channel * block.Keys;
        float* output = block.Output + row * block.Channels + channel;
        TVector rescale0 = TSimd.Create(block.Rescale[row]);
        float* output0 = output;
        TVector s00 = TSimd.Multiply(TSimd.Load(output0), rescale0);
        TVector rescale1 = TSimd.Create(block.Rescale[row + 1]);
        float* output1 = output + block.Channels;
        TVector s10 = TSimd.Multiply(TSimd.Load(output1), rescale1);
        TVector rescale2 = TSimd.Create(block.Rescale[row + 2]);
        float* output2 = output + 2 * block.Channels;
        TVector s20 = TSimd.Multiply(TSimd.Load(output2), rescale2);
        TVector rescale3 = TSimd.Create(block.Rescale[row + 3]);
        float* output3 = output + 3 * block.Channels;
        TVector s30 = TSimd.Multiply(TSimd.Load(output3), rescale3);
        for (int key = 0; key < block.Keys; key++)
        {
            TVector a = TSimd.Load(v);
            TVector weight = TSimd.Create(weights[key]);
            s00 = TSimd.MultiplyAdd(a, weight, s00);
            weight = TSimd.Create(weights[DecodeScratch.ScoreStride + key]);
            s10 = TSimd.MultiplyAdd(a, weight, s10);
            weight = TSimd.Create(weights[2 * DecodeScratch.ScoreStride + key]);
            s20 = TSimd.MultiplyAdd(a, weight, s20);
            weight = TSimd.Create(weights[3 * DecodeScratch.ScoreStride + key]);
            s30 = TSimd.MultiplyAdd(a, weight, s30);
            Prefetch.OneLine(next);
            v += stride;
            next += TSimd.Width;
        }
        TSimd.Store(s00, output0);
        TSimd.Store(s10, output1);
        TSimd.Store(s20, output2);
        TSimd.Store(s30, output3);
    }

    /// <summary>2 rows, 4 vectors of channels.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Rows2Vectors4(ValueBlock block, nint channel, int row)
    {
        nint stride = block.Stride, first = Math.Min(channel, block.LastVector);
        nint last = Math.Min(channel + 3 * TSimd.Width, block.LastVector) - first;
        float* v = block.Values + first;
        float* weights = block.Weights + row * DecodeScratch.ScoreStride, next = block.Next + channel * block.Keys;
        float* output = block.Output + row * block.Channels + channel;
        TVector rescale0 = TSimd.Create(block.Rescale[row]);
        float* output0 = output;
        TVector s00 = TSimd.Multiply(TSimd.Load(output0), rescale0), s01 = TSimd.Multiply(TSimd.Load(output0 + TSimd.Width), rescale0),
            s02 = TSimd.Multiply(TSimd.Load(output0 + 2 * TSimd.Width), rescale0), s03 = TSimd.Multiply(TSimd.Load(output0 + 3 * TSimd.Width), rescale0);
        TVector rescale1 = TSimd.Create(block.Rescale[row + 1]);
        float* output1 = output + block.Channels;
        TVector s10 = TSimd.Multiply(TSimd.Load(output1), rescale1), s11 = TSimd.Multiply(TSimd.Load(output1 + TSimd.Width), rescale1),
            s12 = TSimd.Multiply(TSimd.Load(output1 + 2 * TSimd.Width), rescale1), s13 = TSimd.Multiply(TSimd.Load(output1 + 3 * TSimd.Width), rescale1);
        for (int key = 0; key < block.Keys; key++)
        {
            TVector a = TSimd.Load(v), b = TSimd.Load(v + TSimd.Width), c = TSimd.Load(v + 2 * TSimd.Width), d = TSimd.Load(v + last);
            TVector weight = TSimd.Create(weights[key]);
            s00 = TSimd.MultiplyAdd(a, weight, s00);
            s01 = TSimd.MultiplyAdd(b, weight, s01);
            s02 = TSimd.MultiplyAdd(c, weight, s02);
            s03 = TSimd.MultiplyAdd(d, weight, s03);
            weight = TSimd.Create(weights[DecodeScratch.ScoreStride + key]);
            s10 = TSimd.MultiplyAdd(a, weight, s10);
            s11 = TSimd.MultiplyAdd(b, weight, s11);
            s12 = TSimd.MultiplyAdd(c, weight, s12);
            s13 = TSimd.MultiplyAdd(d, weight, s13);
            Prefetch.FourVectors<TSimd, TVector>(next);
            v += stride;
            next += 4 * TSimd.Width;
        }
        TSimd.Store(s00, output0);
        TSimd.Store(s01, output0 + TSimd.Width);
        TSimd.Store(s02, output0 + 2 * TSimd.Width);
        TSimd.Store(s03, output0 + 3 * TSimd.Width);
        TSimd.Store(s10, output1);
        TSimd.Store(s11, output1 + TSimd.Width);
        TSimd.Store(s12, output1 + 2 * TSimd.Width);
        TSimd.Store(s13, output1 + 3 * TSimd.Width);
    }

    /// <summary>2 rows, 1 vector of channels.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Rows2Vectors1(ValueBlock block, nint channel, int row)
    {
        nint stride = block.Stride, first = Math.Min(channel, block.LastVector);
        float* v = block.Values + first;
        float* weights = block.Weights + row * DecodeScratch.ScoreStride, next = block.Next + channel * block.Keys;
        float* output = block.Output + row * block.Channels + channel;
        TVector rescale0 = TSimd.Create(block.Rescale[row]);
        float* output0 = output;
        TVector s00 = TSimd.Multiply(TSimd.Load(output0), rescale0);
        TVector rescale1 = TSimd.Create(block.Rescale[row + 1]);
        float* output1 = output + block.Channels;
        TVector s10 = TSimd.Multiply(TSimd.Load(output1), rescale1);
        for (int key = 0; key < block.Keys; key++)
        {
            TVector a = TSimd.Load(v);
            TVector weight = TSimd.Create(weights[key]);
            s00 = TSimd.MultiplyAdd(a, weight, s00);
            weight = TSimd.Create(weights[DecodeScratch.ScoreStride + key]);
            s10 = TSimd.MultiplyAdd(a, weight, s10);
            Prefetch.OneLine(next);
            v += stride;
            next += TSimd.Width;
        }
        TSimd.Store(s00, output0);
        TSimd.Store(s10, output1);
    }

    /// <summary>1 row, 4 vectors of channels.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Rows1Vectors4(ValueBlock block, nint channel, int row)
    {
        nint stride = block.Stride, first = Math.Min(channel, block.LastVector);
        nint last = Math.Min(channel + 3 * TSimd.Width, block.LastVector) - first;
        float* v = block.Values + first;
        float* weights = block.Weights + row * DecodeScratch.ScoreStride, next = block.Next + channel * block.Keys;
        float* output = block.Output + row * block.Channels + channel;
        TVector rescale0 = TSimd.Create(block.Rescale[row]);
        float* output0 = output;
        TVector s0 = TSimd.Multiply(TSimd.Load(output0), rescale0), s1 = TSimd.Multiply(TSimd.Load(output0 + TSimd.Width), rescale0),
            s2 = TSimd.Multiply(TSimd.Load(output0 + 2 * TSimd.Width), rescale0), s3 = TSimd.Multiply(TSimd.Load(output0 + 3 * TSimd.Width), rescale0);
        for (int key = 0; key < block.Keys; key++)
        {
            TVector weight = TSimd.Create(weights[key]);
            s0 = TSimd.MultiplyAdd(TSimd.Load(v), weight, s0);
            s1 = TSimd.MultiplyAdd(TSimd.Load(v + TSimd.Width), weight, s1);
            s2 = TSimd.MultiplyAdd(TSimd.Load(v + 2 * TSimd.Width), weight, s2);
            s3 = TSimd.MultiplyAdd(TSimd.Load(v + last), weight, s3);
            Prefetch.FourVectors<TSimd, TVector>(next);
            v += stride;
            next += 4 * TSimd.Width;
        }
        TSimd.Store(s0, output0);
        TSimd.Store(s1, output0 + TSimd.Width);
        TSimd.Store(s2, output0 + 2 * TSimd.Width);
        TSimd.Store(s3, output0 + 3 * TSimd.Width);
    }

    /// <summary>1 row, 1 vector of channels.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Rows1Vectors1(ValueBlock block, nint channel, int row)
    {
        nint stride = block.Stride, first = Math.Min(channel, block.LastVector);
        float* v = block.Values + first;
        float* weights = block.Weights + row * DecodeScratch.ScoreStride, next = block.Next + channel * block.Keys;
        float* output = block.Output + row * block.Channels + channel;
        TVector rescale0 = TSimd.Create(block.Rescale[row]);
        float* output0 = output;
        TVector s0 = TSimd.Multiply(TSimd.Load(output0), rescale0);
        for (int key = 0; key < block.Keys; key++)
        {
            TVector weight = TSimd.Create(weights[key]);
            s0 = TSimd.MultiplyAdd(TSimd.Load(v), weight, s0);
            Prefetch.OneLine(next);
            v += stride;
            next += TSimd.Width;
        }
        TSimd.Store(s0, output0);
    }

    /// <summary>What the tile methods have in common.</summary>
    private readonly struct ValueBlock(DecodeBlocks blocks, float* values, int keys, float* next, DecodeScratch scratch, float* output)
    {
        public readonly float* Values = values, Next = next, Weights = scratch.Scores, Rescale = scratch.Rescale, Output = output;
        public readonly int Keys = keys;
        public readonly nint Stride = blocks.RowLength, LastVector = blocks.LastVector, Channels = blocks.Channels;
    }
}
