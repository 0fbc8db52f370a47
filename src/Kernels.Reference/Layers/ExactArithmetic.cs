using System.Numerics;

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
    /// <remarks>Four sums at a time, none of which waits for another.</remarks>
    public override void MultiplyTransposed(ReadOnlySpan<double> x, ReadOnlySpan<float> w, Span<double> y)
    {
        int depth = x.Length, last = y.Length - 1;
        for (int c = 0; c < y.Length; c += 4)
        {
            ReadOnlySpan<float> w0 = w.Slice(c * depth, depth), w1 = w.Slice(Math.Min(c + 1, last) * depth, depth);
            ReadOnlySpan<float> w2 = w.Slice(Math.Min(c + 2, last) * depth, depth), w3 = w.Slice(Math.Min(c + 3, last) * depth, depth);
            double sum0 = 0, sum1 = 0, sum2 = 0, sum3 = 0;
            for (int i = 0; i < depth; i++)
            {
                sum0 += x[i] * w0[i];
                sum1 += x[i] * w1[i];
                sum2 += x[i] * w2[i];
                sum3 += x[i] * w3[i];
            }
            ReadOnlySpan<double> sums = [sum0, sum1, sum2, sum3];
            sums[..Math.Min(4, y.Length - c)].CopyTo(y[c..]);
        }
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
