using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace Kernels.Reference;

/// <summary>Float32, summed in one of the ways of <see cref="PlainFloat"/>.</summary>
/// <param name="way">0 … <see cref="OperationReference.Ways"/> − 1.</param>
internal sealed class PlainArithmetic(int way) : LayerArithmetic
{
    // The third way sums in more lanes, since no other choice of it applies to layers.
    private readonly int lanes = way == 2 ? 2 * PlainFloat.LanesOf(way) : PlainFloat.LanesOf(way);

    /// <inheritdoc/>
    public override double Round(double exact) => (float)exact;

    /// <inheritdoc/>
    public override void Multiply(ReadOnlySpan<double> x, ReadOnlySpan<float> w, Span<double> y)
    {
        float[] sums = new float[lanes * y.Length];
        for (int i = 0; i < x.Length; i++)
        {
            Span<float> lane = sums.AsSpan(i % lanes * y.Length, y.Length);
            TensorPrimitives.MultiplyAdd(w.Slice(i * y.Length, y.Length), (float)x[i], lane, lane);
        }
        Total(sums, y);
    }

    /// <inheritdoc/>
    protected override Vector256<double> Dots(
        ReadOnlySpan<double> x, ReadOnlySpan<float> w0, ReadOnlySpan<float> w1, ReadOnlySpan<float> w2, ReadOnlySpan<float> w3)
    {
        Span<Vector128<float>> sums = stackalloc Vector128<float>[lanes];
        sums.Clear();
        for (int begin = 0; begin < x.Length; begin += lanes)
        {
            for (int i = begin; i < Math.Min(begin + lanes, x.Length); i++)
                sums[i - begin] += (float)x[i] * Vector128.Create(w0[i], w1[i], w2[i], w3[i]);
        }
        Vector128<float> total = default;
        foreach (Vector128<float> sum in sums)
            total += sum;
        return Vector256.Create(total[0], total[1], total[2], (double)total[3]);
    }

    /// <inheritdoc/>
    public override double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        Span<float> sums = stackalloc float[lanes];
        sums.Clear();
        for (int i = 0; i < a.Length; i++)
            sums[i % lanes] += (float)a[i] * (float)b[i];
        float total = 0;
        foreach (float sum in sums)
            total += sum;
        return total;
    }

    /// <inheritdoc/>
    public override void Mix(ReadOnlySpan<double> weights, ReadOnlySpan<double> rows, Span<double> sums)
    {
        float[] all = new float[lanes * sums.Length];
        for (int i = 0; i < weights.Length; i++)
        {
            Span<float> lane = all.AsSpan(i % lanes * sums.Length, sums.Length);
            for (int c = 0; c < lane.Length; c++)
                lane[c] += (float)weights[i] * (float)rows[i * sums.Length + c];
        }
        Total(all, sums);
    }

    private void Total(float[] sums, Span<double> totals)
    {
        for (int c = 0; c < totals.Length; c++)
        {
            float total = 0;
            for (int lane = 0; lane < lanes; lane++)
                total += sums[lane * totals.Length + c];
            totals[c] = total;
        }
    }
}
