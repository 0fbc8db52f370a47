namespace Kernels.Reference;

/// <summary>The weights of softmax attention in two passes: the maximum first, then the exponentials.</summary>
internal static class SoftmaxOracle
{
    /// <summary>exp(q·k·scale − max) for each key of k [keys, headDim]; not yet divided by their sum.</summary>
    public static void Weights(ReadOnlySpan<float> q, ReadOnlySpan<float> k, double scale, Span<double> weights)
    {
        double max = double.NegativeInfinity;
        for (int key = 0; key < weights.Length; key++)
        {
            weights[key] = CompensatedSum.Dot(q, k.Slice(key * q.Length, q.Length)) * scale;
            max = Math.Max(max, weights[key]);
        }
        for (int key = 0; key < weights.Length; key++)
            weights[key] = Math.Exp(weights[key] - max);
    }
}
