using System.Numerics;
using System.Runtime.Intrinsics;

namespace Kernels.Reference;

/// <summary>
/// Float64. A sum of n products errs by at most n·2⁻⁵³ of the sum of their magnitudes, which for the 14,336 of the widest layer here is 10⁻⁵ of what
/// a single float32 rounding is, so sums need no compensation.
/// </summary>
internal sealed class ExactArithmetic : LayerArithmetic
{
    /// <inheritdoc/>
    public override double Round(double exact) => exact;

    /// <inheritdoc/>
    public override void Multiply(ReadOnlySpan<double> x, ReadOnlySpan<float> w, Span<double> y)
    {
        y.Clear();
        for (int i = 0; i < x.Length; i++)
            AddScaled(x[i], w.Slice(i * y.Length, y.Length), y);
    }

    /// <inheritdoc/>
    protected override Vector256<double> Dots(
        ReadOnlySpan<double> x, ReadOnlySpan<float> w0, ReadOnlySpan<float> w1, ReadOnlySpan<float> w2, ReadOnlySpan<float> w3)
    {
        Vector256<double> sums = default;
        for (int i = 0; i < x.Length; i++)
            sums += x[i] * Vector256.Create(w0[i], w1[i], w2[i], (double)w3[i]);
        return sums;
    }

    /// <inheritdoc/>
    public override double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    /// <inheritdoc/>
    public override void Mix(ReadOnlySpan<double> weights, ReadOnlySpan<double> rows, Span<double> sums)
    {
        sums.Clear();
        for (int i = 0; i < weights.Length; i++)
            DoubleRow.AddScaled(rows.Slice(i * sums.Length, sums.Length), weights[i], sums);
    }

    private static void AddScaled(double factor, ReadOnlySpan<float> row, Span<double> sums)
    {
        int width = Vector<double>.Count, c = 0;
        for (; Vector.IsHardwareAccelerated && c <= row.Length - 2 * width; c += 2 * width)
        {
            Vector.Widen(new Vector<float>(row[c..]), out Vector<double> low, out Vector<double> high);
            (low * factor + new Vector<double>(sums[c..])).CopyTo(sums[c..]);
            (high * factor + new Vector<double>(sums[(c + width)..])).CopyTo(sums[(c + width)..]);
        }
        for (; c < row.Length; c++)
            sums[c] += factor * row[c];
    }
}
