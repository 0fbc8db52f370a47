using System.Runtime.Intrinsics;

namespace Kernels.Reference;

/// <summary>
/// How the numbers of a layer's formula are computed. One formula in three arithmetics is gold, plain float32 and its expected error: numbers are
/// float64 in memory, and <see cref="Round"/> is applied to the result of every operation.
/// </summary>
internal abstract class LayerArithmetic
{
    /// <summary>The result of one operation as this arithmetic has it.</summary>
    public abstract double Round(double exact);

    /// <summary>y = x·W.</summary>
    /// <param name="x">[in].</param>
    /// <param name="w">[in, out].</param>
    /// <param name="y">[out].</param>
    public abstract void Multiply(ReadOnlySpan<double> x, ReadOnlySpan<float> w, Span<double> y);

    /// <summary>y = x·Wᵀ.</summary>
    /// <param name="x">[in].</param>
    /// <param name="w">[out, in].</param>
    /// <param name="y">[out].</param>
    public void MultiplyTransposed(ReadOnlySpan<double> x, ReadOnlySpan<float> w, Span<double> y)
    {
        int depth = x.Length, last = y.Length - 1;
        for (int c = 0; c < y.Length; c += 4)
        {
            // Behind the last row it is read again.
            Vector256<double> products = Dots(
                x, w.Slice(c * depth, depth), w.Slice(Math.Min(c + 1, last) * depth, depth),
                w.Slice(Math.Min(c + 2, last) * depth, depth), w.Slice(Math.Min(c + 3, last) * depth, depth));
            for (int each = 0; each < Math.Min(4, y.Length - c); each++)
                y[c + each] = products[each];
        }
    }

    /// <summary>x·w of four rows at a time, whose sums do not wait for one another.</summary>
    protected abstract Vector256<double> Dots(
        ReadOnlySpan<double> x, ReadOnlySpan<float> w0, ReadOnlySpan<float> w1, ReadOnlySpan<float> w2, ReadOnlySpan<float> w3);

    /// <summary>a·b.</summary>
    public abstract double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b);

    /// <summary>Σ weight·row.</summary>
    /// <param name="weights">[rows].</param>
    /// <param name="rows">[rows, channels].</param>
    /// <param name="sums">[channels].</param>
    public abstract void Mix(ReadOnlySpan<double> weights, ReadOnlySpan<double> rows, Span<double> sums);

    /// <summary>Σ numbers.</summary>
    public double Sum(ReadOnlySpan<double> numbers)
    {
        double[] ones = new double[numbers.Length];
        Array.Fill(ones, 1);
        return Dot(numbers, ones);
    }
}
