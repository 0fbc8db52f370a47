using System.Runtime.CompilerServices;
using Kernels.Primitives;

namespace Kernels.Flash.Decode;

/// <summary>
/// Products of a block of keys with all rows. Keys are read along their rows, as they lie in memory, so a register holds partial sums of one
/// score; the sums across its lanes are taken once for a whole row of channels, four scores at a time.
/// </summary>
internal static unsafe class DecodeScores<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    // Keys of the tallest tile.
    private const int MostKeys = 8;

    /// <summary>Writes scores [row, <see cref="DecodeScratch.ScoreStride"/>], not yet scaled.</summary>
    /// <param name="blocks">Sizes.</param>
    /// <param name="keys">[count, <see cref="DecodeBlocks.RowLength"/>].</param>
    /// <param name="count">Keys of the block.</param>
    /// <param name="next">As many floats are prefetched from here.</param>
    /// <param name="scratch">Queries and scores.</param>
    public static void Compute(DecodeBlocks blocks, float* keys, int count, float* next, DecodeScratch scratch)
    {
        if (count >= MostKeys)
        {
            AllRows(blocks, new ScoreBlock(keys, count, blocks.RowLength, blocks, next), scratch.Queries, scratch.Scores);
            return;
        }
        // Tiles are of four or eight keys: here each is the same key as often, and the next one overwrites what is too much.
        for (int key = 0; key < count; key++)
        {
            float* row = keys + (nint)key * blocks.RowLength;
            AllRows(blocks, new ScoreBlock(row, MostKeys, stride: 0, blocks, next), scratch.Queries, scratch.Scores + key);
        }
    }

    private static void AllRows(DecodeBlocks blocks, ScoreBlock block, float* q, float* scores)
    {
        int row = 0;
        // Sixteen sums and four keys need the 32 registers that come with vectors of this width.
        if (TSimd.Width == 16)
        {
            for (; row <= blocks.Rows - 4; row += 4)
                Keys4Rows4(block, q + row * blocks.Channels, scores + row * DecodeScratch.ScoreStride);
        }
        for (; row <= blocks.Rows - 2; row += 2)
            Keys4Rows2(block, q + row * blocks.Channels, scores + row * DecodeScratch.ScoreStride);
        if (row < blocks.Rows)
            Keys8Rows1(block, q + row * blocks.Channels, scores + row * DecodeScratch.ScoreStride);
    }

    /// <summary>16 sums; 8 loads serve 16 multiply-adds.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Keys4Rows4(ScoreBlock block, float* q, float* scores)
    {
        nint stride = block.Stride, last = block.LastVector;
        float* q1 = q + block.Channels, q2 = q1 + block.Channels, q3 = q2 + block.Channels;
        int lastKey = block.Keys - 4, key = 0;
        while (true)
        {
            float* k0 = block.First + key * stride, k1 = k0 + stride, k2 = k1 + stride, k3 = k2 + stride;
            float* next = block.Next + key * stride;
            TVector s00 = default, s01 = default, s02 = default, s03 = default, s10 = default, s11 = default, s12 = default, s13 = default;
            TVector s20 = default, s21 = default, s22 = default, s23 = default, s30 = default, s31 = default, s32 = default, s33 = default;
            for (nint channel = 0; channel < block.Channels; channel += TSimd.Width)
            {
                nint at = Math.Min(channel, last);
                TVector a = TSimd.Load(k0 + at), b = TSimd.Load(k1 + at), c = TSimd.Load(k2 + at), d = TSimd.Load(k3 + at);
                TVector x = TSimd.Load(q + channel);
                s00 = TSimd.MultiplyAdd(a, x, s00);
                s10 = TSimd.MultiplyAdd(b, x, s10);
                s20 = TSimd.MultiplyAdd(c, x, s20);
                s30 = TSimd.MultiplyAdd(d, x, s30);
                x = TSimd.Load(q1 + channel);
                s01 = TSimd.MultiplyAdd(a, x, s01);
                s11 = TSimd.MultiplyAdd(b, x, s11);
                s21 = TSimd.MultiplyAdd(c, x, s21);
                s31 = TSimd.MultiplyAdd(d, x, s31);
                x = TSimd.Load(q2 + channel);
                s02 = TSimd.MultiplyAdd(a, x, s02);
                s12 = TSimd.MultiplyAdd(b, x, s12);
                s22 = TSimd.MultiplyAdd(c, x, s22);
                s32 = TSimd.MultiplyAdd(d, x, s32);
                x = TSimd.Load(q3 + channel);
                s03 = TSimd.MultiplyAdd(a, x, s03);
                s13 = TSimd.MultiplyAdd(b, x, s13);
                s23 = TSimd.MultiplyAdd(c, x, s23);
                s33 = TSimd.MultiplyAdd(d, x, s33);
                Prefetch.FourVectors<TSimd, TVector>(next);
                next += 4 * TSimd.Width;
            }
            TSimd.StoreSums(s00, s10, s20, s30, scores + key);
            TSimd.StoreSums(s01, s11, s21, s31, scores + DecodeScratch.ScoreStride + key);
            TSimd.StoreSums(s02, s12, s22, s32, scores + 2 * DecodeScratch.ScoreStride + key);
            TSimd.StoreSums(s03, s13, s23, s33, scores + 3 * DecodeScratch.ScoreStride + key);
            if (key >= lastKey)
                return;
            key = Math.Min(key + 4, lastKey);
        }
    }

    /// <summary>8 sums; 6 loads serve 8 multiply-adds.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Keys4Rows2(ScoreBlock block, float* q, float* scores)
    {
        nint stride = block.Stride, last = block.LastVector;
        float* q1 = q + block.Channels;
        int lastKey = block.Keys - 4, key = 0;
        while (true)
        {
            float* k0 = block.First + key * stride, k1 = k0 + stride, k2 = k1 + stride, k3 = k2 + stride;
            float* next = block.Next + key * stride;
            TVector s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default, s30 = default, s31 = default;
            for (nint channel = 0; channel < block.Channels; channel += TSimd.Width)
            {
                nint at = Math.Min(channel, last);
                TVector a = TSimd.Load(k0 + at), b = TSimd.Load(k1 + at), c = TSimd.Load(k2 + at), d = TSimd.Load(k3 + at);
                TVector x = TSimd.Load(q + channel);
                s00 = TSimd.MultiplyAdd(a, x, s00);
                s10 = TSimd.MultiplyAdd(b, x, s10);
                s20 = TSimd.MultiplyAdd(c, x, s20);
                s30 = TSimd.MultiplyAdd(d, x, s30);
                x = TSimd.Load(q1 + channel);
                s01 = TSimd.MultiplyAdd(a, x, s01);
                s11 = TSimd.MultiplyAdd(b, x, s11);
                s21 = TSimd.MultiplyAdd(c, x, s21);
                s31 = TSimd.MultiplyAdd(d, x, s31);
                Prefetch.FourVectors<TSimd, TVector>(next);
                next += 4 * TSimd.Width;
            }
            TSimd.StoreSums(s00, s10, s20, s30, scores + key);
            TSimd.StoreSums(s01, s11, s21, s31, scores + DecodeScratch.ScoreStride + key);
            if (key >= lastKey)
                return;
            key = Math.Min(key + 4, lastKey);
        }
    }

    /// <summary>8 sums of one row; every key is loaded for one multiply-add, so this is bound by loads.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Keys8Rows1(ScoreBlock block, float* q, float* scores)
    {
        nint stride = block.Stride, last = block.LastVector;
        int lastKey = block.Keys - 8, key = 0;
        while (true)
        {
            float* k0 = block.First + key * stride, k1 = k0 + stride, k2 = k1 + stride, k3 = k2 + stride;
            float* k4 = k3 + stride, k5 = k4 + stride, k6 = k5 + stride, k7 = k6 + stride;
            float* next = block.Next + key * stride;
            TVector s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
            for (nint channel = 0; channel < block.Channels; channel += TSimd.Width)
            {
                nint at = Math.Min(channel, last);
                TVector x = TSimd.Load(q + channel);
                s0 = TSimd.MultiplyAdd(TSimd.Load(k0 + at), x, s0);
                s1 = TSimd.MultiplyAdd(TSimd.Load(k1 + at), x, s1);
                s2 = TSimd.MultiplyAdd(TSimd.Load(k2 + at), x, s2);
                s3 = TSimd.MultiplyAdd(TSimd.Load(k3 + at), x, s3);
                s4 = TSimd.MultiplyAdd(TSimd.Load(k4 + at), x, s4);
                s5 = TSimd.MultiplyAdd(TSimd.Load(k5 + at), x, s5);
                s6 = TSimd.MultiplyAdd(TSimd.Load(k6 + at), x, s6);
                s7 = TSimd.MultiplyAdd(TSimd.Load(k7 + at), x, s7);
                Prefetch.FourVectors<TSimd, TVector>(next);
                Prefetch.FourVectors<TSimd, TVector>(next + 4 * TSimd.Width);
                next += 8 * TSimd.Width;
            }
            TSimd.StoreSums(s0, s1, s2, s3, scores + key);
            TSimd.StoreSums(s4, s5, s6, s7, scores + key + 4);
            if (key >= lastKey)
                return;
            key = Math.Min(key + 8, lastKey);
        }
    }

    /// <summary>The keys of one call of a tile method.</summary>
    private readonly struct ScoreBlock(float* first, int keys, int stride, DecodeBlocks blocks, float* next)
    {
        public readonly float* First = first, Next = next;
        public readonly int Keys = keys, Channels = blocks.Channels;
        public readonly nint Stride = stride, LastVector = blocks.LastVector;
    }
}
