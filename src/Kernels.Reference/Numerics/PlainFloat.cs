using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// Sums and products in plain float32 in three common ways: what float32 itself loses, which is what a kernel's error is compared with. Three,
/// because a single one is now and then right by luck, on small problems above all. The first sums in order; the second sums in 8 lanes and
/// scales the query beforehand; the third sums in 8 lanes and takes powers of 2 instead of e.
/// </summary>
internal static class PlainFloat
{
    private const int Lanes = 8;

    /// <summary>Partial sums of a way.</summary>
    public static int LanesOf(int way) => way == 0 ? 1 : Lanes;

    /// <summary>a·b in so many partial sums.</summary>
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b, int lanes)
    {
        if (lanes == 1)
            return DotInOrder(a, b);
        Span<float> sums = stackalloc float[lanes];
        sums.Clear();
        int begin = 0;
        if (lanes == Vector256<float>.Count && Vector256.IsHardwareAccelerated)
        {
            // The same multiplications and additions, so the same bits: this is most of what the gate spends on plain float32.
            Vector256<float> wide = default;
            for (; begin <= a.Length - lanes; begin += lanes)
                wide += Vector256.Create(a[begin..]) * Vector256.Create(b[begin..]);
            wide.CopyTo(sums);
        }
        for (; begin < a.Length; begin += lanes)
            for (int lane = 0; lane < Math.Min(lanes, a.Length - begin); lane++)
                sums[lane] += a[begin + lane] * b[begin + lane];
        return Total(sums);
    }

    /// <summary>Σ weight·v / Σ weight; weights are rounded where they multiply v, and their sum is of the weights as they were.</summary>
    /// <param name="weights">[keys].</param>
    /// <param name="v">[keys, channels].</param>
    /// <param name="lanes">Partial sums.</param>
    /// <param name="output">[channels], zeros before.</param>
    /// <param name="products">Format of the rounded weights.</param>
    /// <returns>Σ weight.</returns>
    public static float WeightedMean(
        ReadOnlySpan<float> weights, ReadOnlySpan<float> v, int lanes, Span<float> output, Element products = Element.Float32)
    {
        int d = output.Length;
        Span<float> sums = stackalloc float[lanes];
        sums.Clear();
        float[] rows = new float[lanes * d];
        for (int key = 0; key < weights.Length; key++)
        {
            sums[key % lanes] += weights[key];
            Span<float> row = rows.AsSpan(key % lanes * d, d);
            TensorPrimitives.MultiplyAdd(v.Slice(key * d, d), products.Round(weights[key]), row, row);
        }
        float sum = Total(sums);
        for (int lane = 0; lane < lanes; lane++)
            for (int c = 0; c < d; c++)
                output[c] += rows[lane * d + c];
        for (int c = 0; c < d; c++)
            output[c] /= sum;
        return sum;
    }

    private static float DotInOrder(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        float sum = 0;
        for (int c = 0; c < a.Length; c++)
            sum += a[c] * b[c];
        return sum;
    }

    private static float Total(ReadOnlySpan<float> sums)
    {
        float total = 0;
        foreach (float sum in sums)
            total += sum;
        return total;
    }
}
