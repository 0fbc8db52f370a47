using System.Numerics.Tensors;
using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// One row of the gradients in plain float32, in the ways of <see cref="PlainFloat"/>. dO·V and dO·O are summed in different orders, as a
/// matrix product and a row sum are: summed alike, they would cancel exactly where o is a value.
/// </summary>
internal static class PlainGradient
{
    /// <summary>Computes dq [headDim], or dk [headDim] and dv [valueDim].</summary>
    /// <param name="row">The pairs.</param>
    /// <param name="way">0 … <see cref="OperationReference.Ways"/> − 1.</param>
    /// <param name="products">Format to which P and dS are rounded where they are multiplied.</param>
    /// <param name="values">Zeros before.</param>
    public static void Row(GradientRow row, int way, Element products, Span<float> values)
    {
        bool ofQuery = values.Length == row.Q(0).Length;
        int headDim = row.Q(0).Length, lanes = PlainFloat.LanesOf(way), rowSumLanes = PlainFloat.LanesOf(way == 0 ? 1 : way - 1);
        float[] sums = new float[lanes * values.Length];
        for (int pair = 0; pair < row.Pairs; pair++)
        {
            float weight = Weight(row, pair, way, lanes);
            float gradP = PlainFloat.Dot(row.GradO(pair), row.V(pair), lanes), rowSum = PlainFloat.Dot(row.GradO(pair), row.O(pair), rowSumLanes);
            float gradient = way == 2 ? weight * gradP - weight * rowSum : weight * (gradP - rowSum);
            Span<float> lane = sums.AsSpan(pair % lanes * values.Length, values.Length);
            Add(ofQuery ? row.K(pair) : row.Q(pair), products.Round(way == 0 ? gradient * row.Scale : gradient), lane[..headDim]);
            if (!ofQuery)
                Add(row.GradO(pair), products.Round(weight), lane[headDim..]);
        }
        for (int i = 0; i < sums.Length; i++)
            values[i % values.Length] += sums[i];
        for (int c = 0; way != 0 && c < headDim; c++)
            values[c] *= row.Scale;
    }

    private static float Weight(GradientRow row, int pair, int way, int lanes)
    {
        ReadOnlySpan<float> q = row.Q(pair);
        float lse = row.Lse(pair);
        if (way == 1)
        {
            float[] scaled = new float[q.Length];
            TensorPrimitives.Multiply(q, row.Scale, scaled);
            return MathF.Exp(PlainFloat.Dot(scaled, row.K(pair), lanes) - lse);
        }
        float dot = PlainFloat.Dot(q, row.K(pair), lanes);
        float log2E = MathF.Log2(MathF.E);
        return way == 0 ? MathF.Exp(dot * row.Scale - lse) : float.Exp2(dot * (row.Scale * log2E) - lse * log2E);
    }

    private static void Add(ReadOnlySpan<float> source, float factor, Span<float> sums) => TensorPrimitives.MultiplyAdd(source, factor, sums, sums);
}
