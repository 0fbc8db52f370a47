using System.Runtime.CompilerServices;
using Kernels.Primitives;

namespace Kernels.Flash;

/// <summary>
/// Turns the scores of one block into weights 2^((score − max)·scale) and keeps each row's running maximum and sum. Scores are transposed,
/// so a lane is a row. Milakov and Gimelshein 2018, algorithm 3; FlashAttention (Dao et al. 2022), algorithm 1.
/// </summary>
internal static unsafe class OnlineSoftmax<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Forgets what was seen.</summary>
    public static void Reset(FlashScratch scratch)
    {
        // Not −∞: a row that saw nothing but hidden scores would compute −∞ − −∞.
        new Span<float>(scratch.Max, QueryTile.MaxRows).Fill(float.MinValue);
        new Span<float>(scratch.Sum, QueryTile.MaxRows).Clear();
    }

    /// <summary>Turns scores [keys, rows] into weights in place; rows are rounded up to whole vectors.</summary>
    /// <param name="keys">Keys of the block.</param>
    /// <param name="rows">Rows of the tile.</param>
    /// <param name="scale">Factor of the scores, in units of log₂ e, positive.</param>
    /// <param name="factor">What every weight is multiplied by.</param>
    /// <param name="scratch">Scores become weights; maximum, sum and rescale are updated.</param>
    public static void Update(int keys, int rows, float scale, float factor, FlashScratch scratch)
    {
        for (int row = 0; row < rows; row += TSimd.Width)
        {
            float* scores = scratch.Scores + row;
            TVector oldMax = TSimd.Load(scratch.Max + row);
            TVector max = Maximum(scores, keys, oldMax);
            TSimd.Store(max, scratch.Max + row);
            TVector rescale = Weight(oldMax, max, TSimd.Create(scale));
            TSimd.Store(rescale, scratch.Rescale + row);
            TVector sum = Weights(scores, keys, scale, factor, max);
            TSimd.Store(TSimd.MultiplyAdd(TSimd.Load(scratch.Sum + row), rescale, sum), scratch.Sum + row);
        }
    }

    /// <summary>Multiplies the rows of the output, [rows, channels], by the factors that <see cref="Update"/> left.</summary>
    public static void RescaleOutput(int rows, int channels, FlashScratch scratch)
    {
        for (int row = 0; row < rows; row++)
        {
            if (scratch.Rescale[row] == 1)
                continue;
            float* output = scratch.Output + (nint)row * channels;
            TVector rescale = TSimd.Create(scratch.Rescale[row]);
            for (int channel = 0; channel < channels; channel += TSimd.Width)
                TSimd.Store(TSimd.Multiply(TSimd.Load(output + channel), rescale), output + channel);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TVector Maximum(float* scores, int keys, TVector max)
    {
        // Two chains, because one is bound by the latency of Max. The scores stand first so that a NaN never enters: it stays among the
        // scores, becomes a NaN weight and makes its row NaN.
        TVector otherMax = max;
        int key = 0;
        for (; key + 1 < keys; key += 2)
        {
            max = TSimd.Max(TSimd.Load(scores), max);
            otherMax = TSimd.Max(TSimd.Load(scores + FlashScratch.ScoreStride), otherMax);
            scores += 2 * FlashScratch.ScoreStride;
        }
        if (key < keys)
            max = TSimd.Max(TSimd.Load(scores), max);
        return TSimd.Max(max, otherMax);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TVector Weights(float* scores, int keys, float scale, float factor, TVector max)
    {
        TVector scales = TSimd.Create(scale), factors = TSimd.Create(factor), sum = TSimd.Create(0);
        for (int key = 0; key < keys; key++)
        {
            TVector weight = TSimd.Multiply(Weight(TSimd.Load(scores), max, scales), factors);
            TSimd.Store(weight, scores);
            sum = TSimd.Add(sum, weight);
            scores += FlashScratch.ScoreStride;
        }
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Weight(TVector score, TVector max, TVector scale) =>
        VectorExp.Exp2<TSimd, TVector>(TSimd.Multiply(TSimd.Subtract(score, max), scale));
}
