using System.Runtime.CompilerServices;

namespace Kernels.Primitives.Decode;

/// <summary>
/// Turns the scores of one block into weights 2^((score − max)·scale) and keeps each row's running maximum and sum. A row of scores is
/// contiguous, so a vector holds several keys of one row. Milakov and Gimelshein 2018, algorithm 3.
/// </summary>
internal static unsafe class DecodeSoftmax<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Scores become weights in place; maxima, sums and rescale are updated.</summary>
    public static void Update(in ScoreRows rows)
    {
        int whole = (rows.Keys + TSimd.Width - 1) / TSimd.Width * TSimd.Width;
        for (int row = 0; row < rows.Rows; row++)
        {
            float* scores = rows.Scores + row * DecodeLayout.ScoreStride;
            for (int key = rows.Keys; key < whole; key++)
                scores[key] = float.NegativeInfinity;
            float oldMax = rows.Max[row], max = Maximum(scores, whole, oldMax);
            rows.Max[row] = max;
            rows.Rescale[row] = oldMax - max;
            rows.BlockSum[row] = Weights(scores, whole, rows.Scale, max);
        }
        for (int row = 0; row < rows.Rows; row += TSimd.Width)
        {
            TVector rescale = VectorExp.Exp2<TSimd, TVector>(TSimd.Multiply(TSimd.Load(rows.Rescale + row), TSimd.Create(rows.Scale)));
            TSimd.Store(rescale, rows.Rescale + row);
            TSimd.Store(TSimd.MultiplyAdd(TSimd.Load(rows.Sum + row), rescale, TSimd.Load(rows.BlockSum + row)), rows.Sum + row);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Maximum(float* scores, int keys, float oldMax)
    {
        // Max returns its second operand for NaN, so the scores come first: a NaN score leaves the maximum and makes its weight and row
        // NaN.
        TVector max = TSimd.Create(oldMax);
        for (int key = 0; key < keys; key += TSimd.Width)
            max = TSimd.Max(TSimd.Load(scores + key), max);
        return TSimd.MaxAcross(max);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Weights(float* scores, int keys, float scale, float max)
    {
        TVector factor = TSimd.Create(scale), largest = TSimd.Create(max), sum = default;
        for (int key = 0; key < keys; key += TSimd.Width)
        {
            TVector weight = VectorExp.Exp2<TSimd, TVector>(TSimd.Multiply(TSimd.Subtract(TSimd.Load(scores + key), largest), factor));
            TSimd.Store(weight, scores + key);
            sum = TSimd.Add(sum, weight);
        }
        return TSimd.SumAcross(sum);
    }
}
