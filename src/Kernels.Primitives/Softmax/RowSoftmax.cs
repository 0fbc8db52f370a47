using System.Runtime.CompilerServices;

namespace Kernels.Primitives.Softmax;

/// <summary>Softmax along a contiguous row of scores.</summary>
internal static unsafe class RowSoftmax<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private const int WidestVector = 16;

    /// <summary>
    /// Replaces scores, which must be in units of log₂ (that is, already multiplied by log₂ e), by weights whose sum is 1. NaN, +∞ and
    /// a row of nothing but −∞ give NaN.
    /// </summary>
    public static void Apply(Span<float> scores)
    {
        int whole = scores.Length / TSimd.Width * TSimd.Width, rest = scores.Length - whole;
        // The last, partial vector is computed in a copy padded with −∞, which gets the weight 0.
        Span<float> padded = stackalloc float[WidestVector];
        padded.Fill(float.NegativeInfinity);
        scores[whole..].CopyTo(padded);
        fixed (float* row = scores, last = padded)
        {
            TVector maxima = TSimd.Load(last);
            for (int i = 0; i < whole; i += TSimd.Width)
                maxima = TSimd.Max(maxima, TSimd.Load(row + i));
            TVector max = TSimd.Create(TSimd.MaxAcross(maxima));
            TVector sums = default;
            for (int i = 0; i < whole; i += TSimd.Width)
                sums = TSimd.Add(sums, Exponential(row + i, max));
            if (rest > 0)
                sums = TSimd.Add(sums, Exponential(last, max));
            float factor = 1 / TSimd.SumAcross(sums);
            for (int i = 0; i < whole; i += TSimd.Width)
                TSimd.Store(TSimd.Multiply(TSimd.Load(row + i), TSimd.Create(factor)), row + i);
            for (int i = 0; i < rest; i++)
                row[whole + i] = last[i] * factor;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Exponential(float* place, TVector max)
    {
        TVector weight = VectorExp.Exp2<TSimd, TVector>(TSimd.Subtract(TSimd.Load(place), max));
        TSimd.Store(weight, place);
        return weight;
    }
}
