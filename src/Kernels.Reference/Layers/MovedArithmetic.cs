using System.Numerics;
using System.Runtime.Intrinsics;
using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// Float64 in which every result is moved by what float32 would round it by, and every sum by the roundings of its partial sums: the distance from gold
/// is a sample of the expected error, as in <see cref="BackwardReference"/>.
/// </summary>
/// <param name="seed">Of the sample.</param>
internal sealed class MovedArithmetic(int seed) : LayerArithmetic
{
    private SeededNormal random = new(seed, 77);

    /// <inheritdoc/>
    public override double Round(double exact) => exact * (1 + RoundingNoise.Rounding * random.Next());

    /// <inheritdoc/>
    public override void Multiply(ReadOnlySpan<double> x, ReadOnlySpan<float> w, Span<double> y)
    {
        double[] squares = new double[y.Length];
        y.Clear();
        for (int i = 0; i < x.Length; i++)
        {
            ReadOnlySpan<float> row = w.Slice(i * y.Length, y.Length);
            int width = Vector<double>.Count, c = 0;
            for (; Vector.IsHardwareAccelerated && c <= row.Length - 2 * width; c += 2 * width)
            {
                Vector.Widen(new Vector<float>(row[c..]), out Vector<double> low, out Vector<double> high);
                Add(x[i] * low, y[c..], squares.AsSpan(c));
                Add(x[i] * high, y[(c + width)..], squares.AsSpan(c + width));
            }
            for (; c < row.Length; c++)
            {
                y[c] += x[i] * row[c];
                squares[c] += y[c] * y[c];
            }
        }
        Move(y, squares);
    }

    /// <inheritdoc/>
    protected override Vector256<double> Dots(
        ReadOnlySpan<double> x, ReadOnlySpan<float> w0, ReadOnlySpan<float> w1, ReadOnlySpan<float> w2, ReadOnlySpan<float> w3)
    {
        Vector256<double> sums = default, squares = default;
        for (int i = 0; i < x.Length; i++)
        {
            sums += x[i] * Vector256.Create(w0[i], w1[i], w2[i], (double)w3[i]);
            squares += sums * sums;
        }
        return sums + Vector256.Create(Error(squares[0]), Error(squares[1]), Error(squares[2]), Error(squares[3]));
    }

    /// <inheritdoc/>
    public override double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0, squares = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
            squares += sum * sum;
        }
        return sum + Error(squares);
    }

    /// <inheritdoc/>
    public override void Mix(ReadOnlySpan<double> weights, ReadOnlySpan<double> rows, Span<double> sums)
    {
        double[] squares = new double[sums.Length];
        sums.Clear();
        for (int i = 0; i < weights.Length; i++)
        {
            for (int c = 0; c < sums.Length; c++)
            {
                sums[c] += weights[i] * rows[i * sums.Length + c];
                squares[c] += sums[c] * sums[c];
            }
        }
        Move(sums, squares);
    }

    private static void Add(Vector<double> term, Span<double> sums, Span<double> squares)
    {
        Vector<double> sum = new Vector<double>(sums) + term;
        sum.CopyTo(sums);
        (new Vector<double>(squares) + sum * sum).CopyTo(squares);
    }

    private double Error(double squares) => RoundingNoise.Rounding * Math.Sqrt(squares) * random.Next();

    private void Move(Span<double> sums, double[] squares)
    {
        for (int c = 0; c < sums.Length; c++)
            sums[c] += Error(squares[c]);
    }
}
