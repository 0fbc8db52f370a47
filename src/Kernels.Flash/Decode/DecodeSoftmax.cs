using System.Runtime.CompilerServices;
using Kernels.Primitives;

namespace Kernels.Flash.Decode;

/// <summary>
/// Turns the scores of one block into weights 2^((score − max)·scale) and keeps each row's running maximum and sum. A row of scores is
/// contiguous, so a vector holds several keys of one row. Milakov and Gimelshein 2018, algorithm 3.
/// </summary>
internal static unsafe class DecodeSoftmax<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Scores become weights in place.</summary>
    /// <param name="rows">Rows of scores.</param>
    /// <param name="keys">Keys of the block; up to whole vectors, the scores behind them become −∞ and so weigh nothing.</param>
    /// <param name="scale">Factor of the scores, in units of log₂ e, positive.</param>
    /// <param name="scratch">Scores; rescale is written.</param>
    /// <param name="partial">Maximum and sum are updated.</param>
    public static void Update(int rows, int keys, float scale, DecodeScratch scratch, PartialOutput partial)
    {
        int whole = (keys + TSimd.Width - 1) / TSimd.Width * TSimd.Width;
        float* blockSum = scratch.BlockSum;
        for (int row = 0; row < rows; row++)
        {
            float* scores = scratch.Scores + row * DecodeScratch.ScoreStride;
            for (int key = keys; key < whole; key++)
                scores[key] = float.NegativeInfinity;
            float oldMax = partial.Max[row], max = Maximum(scores, whole, oldMax);
            partial.Max[row] = max;
            scratch.Rescale[row] = oldMax - max;
            blockSum[row] = Weights(scores, whole, scale, max);
        }
        for (int row = 0; row < rows; row += TSimd.Width)
        {
            TVector rescale = VectorExp.Exp2<TSimd, TVector>(TSimd.Multiply(TSimd.Load(scratch.Rescale + row), TSimd.Create(scale)));
            TSimd.Store(rescale, scratch.Rescale + row);
            TSimd.Store(TSimd.MultiplyAdd(TSimd.Load(partial.Sum + row), rescale, TSimd.Load(blockSum + row)), partial.Sum + row);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float Maximum(float* scores, int keys, float oldMax)
    {
        // The scores stand first so that a NaN never enters: it stays among the scores, becomes a NaN weight and makes its row NaN.
        TVector max = TSimd.Create(oldMax);
        for (int key = 0; key < keys; key += TSimd.Width)
            max = TSimd.Max(TSimd.Load(scores + key), max);
        return TSimd.MaxAcross(max);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
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
