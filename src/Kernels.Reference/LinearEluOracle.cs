namespace Kernels.Reference;

/// <summary>
/// The weights of linear attention by its quadratic definition, φ(q)·φ(k) with φ(x) = elu(x) + 1. The scale of a problem is not part of
/// this definition (Katharopoulos et al. 2020, equation 4).
/// </summary>
internal static class LinearEluOracle
{
    /// <summary>φ(q)·φ(k) for each key of k [keys, headDim]; not yet divided by their sum.</summary>
    public static void Weights(ReadOnlySpan<float> q, ReadOnlySpan<float> k, Span<double> weights)
    {
        double[] features = new double[q.Length];
        for (int c = 0; c < q.Length; c++)
            features[c] = Feature(q[c]);
        for (int key = 0; key < weights.Length; key++)
        {
            var sum = new CompensatedSum();
            for (int c = 0; c < features.Length; c++)
                sum.Add(features[c] * Feature(k[key * q.Length + c]));
            weights[key] = sum.Value;
        }
    }

    private static double Feature(double x) => x > 0 ? x + 1 : Math.Exp(x);
}
