using System.Runtime.CompilerServices;

namespace Kernels.Primitives.Softmax;

/// <summary>
/// Turns the scores of one block into weights 2^((score − max)·scale) and keeps each row's running maximum and sum. Scores are transposed,
/// so a lane is a row. Milakov and Gimelshein 2018, algorithm 3; FlashAttention (Dao et al. 2022), algorithm 1.
/// </summary>
internal static unsafe class OnlineSoftmax<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Turns scores [keys, rows] into weights in place; rows are rounded up to whole vectors.</summary>
    public static void Update(in ScoreTile tile)
    {
        for (int row = 0; row < tile.Rows; row += TSimd.Width)
        {
            float* scores = tile.Scores + row;
            TVector oldMax = TSimd.Load(tile.Reference + row);
            TVector max = Maximum(scores, tile.Stride, tile.Keys, oldMax);
            TSimd.Store(max, tile.Reference + row);
            TVector rescale = Weight(oldMax, max, TSimd.Create(tile.Scale));
            TSimd.Store(rescale, tile.Rescale + row);
            TVector sum = Weights(scores, tile.Stride, tile.Keys, tile.Scale, tile.WeightFactor, max);
            TSimd.Store(TSimd.MultiplyAdd(TSimd.Load(tile.Sum + row), rescale, sum), tile.Sum + row);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TVector Maximum(float* scores, nint stride, int keys, TVector max)
    {
        // Two chains, because one is bound by the latency of Max. Max returns its second operand for NaN, so the scores come first: a NaN
        // score leaves the maximum and makes its weight and row NaN.
        TVector otherMax = max;
        int key = 0;
        for (; key + 1 < keys; key += 2)
        {
            max = TSimd.Max(TSimd.Load(scores), max);
            otherMax = TSimd.Max(TSimd.Load(scores + stride), otherMax);
            scores += 2 * stride;
        }
        if (key < keys)
            max = TSimd.Max(TSimd.Load(scores), max);
        return TSimd.Max(max, otherMax);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TVector Weights(float* scores, nint stride, int keys, float scale, float factor, TVector max)
    {
        TVector scales = TSimd.Create(scale), factors = TSimd.Create(factor), sum = TSimd.Create(0);
        for (int key = 0; key < keys; key++)
        {
            TVector weight = TSimd.Multiply(Weight(TSimd.Load(scores), max, scales), factors);
            TSimd.Store(weight, scores);
            sum = TSimd.Add(sum, weight);
            scores += stride;
        }
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Weight(TVector score, TVector max, TVector scale) =>
        VectorExp.Exp2<TSimd, TVector>(TSimd.Multiply(TSimd.Subtract(score, max), scale));
}
