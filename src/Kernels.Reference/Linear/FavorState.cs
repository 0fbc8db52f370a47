using System.Numerics.Tensors;

namespace Kernels.Reference;

/// <summary>
/// The recurrence of FAVOR+ in plain float32: for each random feature its largest exponent so far, and the sums of weighted values and of weights
/// relative to it. A vector holds features, because there are always many.
/// </summary>
/// <param name="directions">ωᵢ, [headDim, features].</param>
/// <param name="features">Number of random features.</param>
/// <param name="valueDim">Channels of a value.</param>
/// <param name="lanes">Partial sums of a product.</param>
internal sealed class FavorState(float[] directions, int features, int valueDim, int lanes)
{
    private readonly float[] max = [.. Enumerable.Repeat(float.NegativeInfinity, features)];

    // [valueDim + 1, features]; the last row holds the sums of the weights.
    private readonly float[] sums = new float[(valueDim + 1) * features];
    private readonly float[] exponents = new float[features], rescale = new float[features], products = new float[lanes * features];

    /// <summary>Adds a key, k [headDim], with its value, v [valueDim]; <paramref name="root"/> is the root of the scale.</summary>
    public void Add(ReadOnlySpan<float> k, ReadOnlySpan<float> v, float root)
    {
        Multiply(k, root);
        TensorPrimitives.Subtract(exponents, root * root * PlainFloat.Dot(k, k, lanes) / 2, exponents);
        max.CopyTo(rescale, 0);
        TensorPrimitives.Max(max, exponents, max);
        TensorPrimitives.Subtract(rescale, max, rescale);
        TensorPrimitives.Exp(rescale, rescale);
        TensorPrimitives.Subtract(exponents, max, exponents);
        TensorPrimitives.Exp(exponents, exponents);
        for (int c = 0; c <= v.Length; c++)
        {
            Span<float> row = sums.AsSpan(c * features, features);
            TensorPrimitives.Multiply(row, rescale, row);
            TensorPrimitives.MultiplyAdd(exponents, c < v.Length ? v[c] : 1, row, row);
        }
    }

    /// <summary>The row of a query, q [headDim], [valueDim].</summary>
    public void Read(ReadOnlySpan<float> q, float factor, Span<float> output)
    {
        Multiply(q, factor);
        TensorPrimitives.Add(exponents, max, exponents);
        TensorPrimitives.Subtract(exponents, TensorPrimitives.Max<float>(exponents), exponents);
        TensorPrimitives.Exp(exponents, exponents);
        float sum = PlainFloat.Dot(exponents, sums.AsSpan(output.Length * features), lanes);
        for (int c = 0; c < output.Length; c++)
            output[c] = PlainFloat.Dot(exponents, sums.AsSpan(c * features, features), lanes) / sum;
    }

    // exponents = factor · ω·x.
    private void Multiply(ReadOnlySpan<float> x, float factor)
    {
        Array.Clear(products);
        for (int c = 0; c < x.Length; c++)
        {
            Span<float> lane = products.AsSpan(c % lanes * features, features);
            TensorPrimitives.MultiplyAdd(directions.AsSpan(c * features, features), x[c], lane, lane);
        }
        Array.Clear(exponents);
        for (int lane = 0; lane < lanes; lane++)
            TensorPrimitives.Add(exponents, products.AsSpan(lane * features, features), exponents);
        TensorPrimitives.Multiply(exponents, factor, exponents);
    }
}
