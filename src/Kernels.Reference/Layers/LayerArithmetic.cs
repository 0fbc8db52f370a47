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
    public abstract void MultiplyTransposed(ReadOnlySpan<double> x, ReadOnlySpan<float> w, Span<double> y);

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
