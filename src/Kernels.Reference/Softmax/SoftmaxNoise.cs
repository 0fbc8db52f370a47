using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>The <see cref="RoundingNoise"/> of softmax attention and of its log-sum-exp.</summary>
internal static class SoftmaxNoise
{
    // The product of slope and distance, and its unit: natural, log₂ e or that of unscaled scores. The sum with the score is one more.
    private const double BiasRoundings = 2;

    /// <summary>Adds the variance of an output row and, where there is one, of its log-sum-exp.</summary>
    /// <param name="row">Query, keys, scale and bias.</param>
    /// <param name="lse">Score of one more key, exact as it is given; null for none.</param>
    /// <param name="values">[keys, valueDim], that of the last key included.</param>
    /// <param name="gold">[valueDim], and the log-sum-exp.</param>
    /// <param name="hasLse">Whether the last number is the log-sum-exp.</param>
    /// <param name="products">Format to which weights are rounded where they multiply values.</param>
    /// <param name="variance">As long as gold.</param>
    public static void AddVariance(
        AttentionRow row, float? lse, ReadOnlySpan<float> values, ReadOnlySpan<double> gold, bool hasLse, Element products, Span<double> variance)
    {
        int keys = row.Keys + (lse is null ? 0 : 1), d = row.Q.Length;
        double[] weights = new double[keys], relative = new double[keys], query = new double[d];
        for (int c = 0; c < d; c++)
            query[c] = row.Q[c];
        for (int i = 0; i < row.Keys; i++)
        {
            OrderedSum dot = RoundingNoise.Dot(query, row.K.Slice(i * d, d));
            weights[i] = dot.Value * row.Scale;
            relative[i] = (double)row.Scale * row.Scale * dot.Variance + RoundingNoise.ScoreRoundings * weights[i] * weights[i]
                + RoundingNoise.ExponentialRoundings;
            if (row.Bias.IsEmpty)
                continue;
            weights[i] += row.Bias[i];
            relative[i] += BiasRoundings * row.Bias[i] * row.Bias[i] + weights[i] * weights[i];
        }
        if (lse is { } known)
            (weights[^1], relative[^1]) = (known, RoundingNoise.ScoreRoundings * known * known + RoundingNoise.ExponentialRoundings);
        double max = Exponentiate(weights), sum = weights.Sum();
        foreach (ref double weight in weights.AsSpan())
            weight /= sum;
        int valueDim = hasLse ? gold.Length - 1 : gold.Length;
        RoundingNoise.AddWeightedMean(weights, relative, values, gold[..valueDim], products, variance[..valueDim]);
        if (hasLse)
            variance[^1] += LseVariance(weights, relative, max, gold[^1]);
    }

    // d lse = Σ weight · (error of the score); then the partial sums, and the roundings of maximum, logarithm and their sum.
    private static double LseVariance(double[] weights, double[] relative, double max, double lse)
    {
        double[] zero = [0], variance = [0];
        float[] ones = new float[weights.Length];
        Array.Fill(ones, 1);
        RoundingNoise.AddWeightedMean(weights, relative, ones, zero, Element.Float32, variance);
        return variance[0] + RoundingNoise.Rounding * RoundingNoise.Rounding * (max * max + (lse - max) * (lse - max) + 2 * lse * lse);
    }

    private static double Exponentiate(Span<double> scores)
    {
        double max = double.NegativeInfinity;
        foreach (double score in scores)
            max = Math.Max(max, score);
        for (int i = 0; i < scores.Length; i++)
            scores[i] = Math.Exp(scores[i] - max);
        return max;
    }
}
