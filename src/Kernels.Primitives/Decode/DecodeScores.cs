using System.Runtime.CompilerServices;
using Kernels.Primitives.Tiles;

namespace Kernels.Primitives.Decode;

/// <summary>
/// Products of a block of keys with 1, 2 or 4 rows. Keys are read along their rows, so a register holds partial sums of one score; they are
/// reduced across lanes after the last channel, four scores at a time. Where the keys are not whole tiles, the last tile overlaps the one
/// before.
/// </summary>
internal static unsafe class DecodeScores<TSimd, TVector, TElement>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
    where TElement : unmanaged, IStored<TElement>
{
    /// <summary>Writes the scores of <paramref name="rows"/> rows.</summary>
    public static void Compute(int rows, in KeyBlock<TElement> block)
    {
        switch (rows)
        {
            case 4:
                FourKeys<Four>(block);
                break;
            case 2:
                FourKeys<Two>(block);
                break;
            default:
                EightKeys(block);
                break;
        }
    }

    /// <summary>4 keys × 2 or 4 rows: 6 loads serve 8 multiply-adds, or 8 loads 16.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FourKeys<TRows>(in KeyBlock<TElement> block)
        where TRows : struct, ICount
    {
        nint stride = block.Stride, nextStride = block.NextStride, last = block.LastVector, channels = block.Channels;
        float* q = block.Queries, q1 = q + channels, q2 = q1 + channels, q3 = q2 + channels;
        float* scores = block.Scores;
        int lastKey = block.Count - 4, key = 0;
        while (true)
        {
            TElement* k0 = block.Keys + key * stride, k1 = k0 + stride, k2 = k1 + stride, k3 = k2 + stride;
            TElement* next = block.Next + key * nextStride;
            TVector s00 = default, s01 = default, s02 = default, s03 = default, s10 = default, s11 = default, s12 = default, s13 = default;
            TVector s20 = default, s21 = default, s22 = default, s23 = default, s30 = default, s31 = default, s32 = default, s33 = default;
            for (nint channel = 0; channel < channels; channel += TSimd.Width)
            {
                nint at = Math.Min(channel, last);
                TVector a = Load(k0 + at), b = Load(k1 + at), c = Load(k2 + at), d = Load(k3 + at);
                Add(TSimd.Load(q + channel), a, b, c, d, ref s00, ref s10, ref s20, ref s30);
                Add(TSimd.Load(q1 + channel), a, b, c, d, ref s01, ref s11, ref s21, ref s31);
                if (TRows.Value > 2)
                {
                    Add(TSimd.Load(q2 + channel), a, b, c, d, ref s02, ref s12, ref s22, ref s32);
                    Add(TSimd.Load(q3 + channel), a, b, c, d, ref s03, ref s13, ref s23, ref s33);
                }
                Prefetch.FourVectors<TSimd, TVector, TElement>(next);
                next += 4 * TSimd.Width;
            }
            TSimd.StoreSums(s00, s10, s20, s30, scores + key);
            TSimd.StoreSums(s01, s11, s21, s31, scores + DecodeLayout.ScoreStride + key);
            if (TRows.Value > 2)
            {
                TSimd.StoreSums(s02, s12, s22, s32, scores + 2 * DecodeLayout.ScoreStride + key);
                TSimd.StoreSums(s03, s13, s23, s33, scores + 3 * DecodeLayout.ScoreStride + key);
            }
            if (key >= lastKey)
                return;
            key = Math.Min(key + 4, lastKey);
        }
    }

    /// <summary>
    /// 8 keys × 1 row, a separate loop: each load of a key serves one multiply-add, as its memory operand, and eight independent sums
    /// are needed to hide the latency.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void EightKeys(in KeyBlock<TElement> block)
    {
        nint stride = block.Stride, nextStride = block.NextStride, last = block.LastVector, channels = block.Channels;
        float* q = block.Queries, scores = block.Scores;
        int lastKey = block.Count - 8, key = 0;
        while (true)
        {
            TElement* k0 = block.Keys + key * stride, k1 = k0 + stride, k2 = k1 + stride, k3 = k2 + stride;
            TElement* k4 = k3 + stride, k5 = k4 + stride, k6 = k5 + stride, k7 = k6 + stride;
            TElement* next = block.Next + key * nextStride;
            TVector s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
            for (nint channel = 0; channel < channels; channel += TSimd.Width)
            {
                nint at = Math.Min(channel, last);
                TVector x = TSimd.Load(q + channel);
                s0 = TSimd.MultiplyAdd(Load(k0 + at), x, s0);
                s1 = TSimd.MultiplyAdd(Load(k1 + at), x, s1);
                s2 = TSimd.MultiplyAdd(Load(k2 + at), x, s2);
                s3 = TSimd.MultiplyAdd(Load(k3 + at), x, s3);
                s4 = TSimd.MultiplyAdd(Load(k4 + at), x, s4);
                s5 = TSimd.MultiplyAdd(Load(k5 + at), x, s5);
                s6 = TSimd.MultiplyAdd(Load(k6 + at), x, s6);
                s7 = TSimd.MultiplyAdd(Load(k7 + at), x, s7);
                Prefetch.FourVectors<TSimd, TVector, TElement>(next);
                Prefetch.FourVectors<TSimd, TVector, TElement>(next + 4 * TSimd.Width);
                next += 8 * TSimd.Width;
            }
            TSimd.StoreSums(s0, s1, s2, s3, scores + key);
            TSimd.StoreSums(s4, s5, s6, s7, scores + key + 4);
            if (key >= lastKey)
                return;
            key = Math.Min(key + 8, lastKey);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Load(TElement* source) => TElement.Load<TSimd, TVector>(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(
        TVector x, TVector a, TVector b, TVector c, TVector d, ref TVector sum0, ref TVector sum1, ref TVector sum2, ref TVector sum3)
    {
        sum0 = TSimd.MultiplyAdd(a, x, sum0);
        sum1 = TSimd.MultiplyAdd(b, x, sum1);
        sum2 = TSimd.MultiplyAdd(c, x, sum2);
        sum3 = TSimd.MultiplyAdd(d, x, sum3);
    }
}
