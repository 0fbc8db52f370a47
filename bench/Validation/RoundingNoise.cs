using Kernels.Abstractions;
using Kernels.Reference;

namespace Kernels.Bench.Validation;

/// <summary>
/// How large float32's rounding error in one output row is expected to be, from a first-order model: every partial sum of a score and of
/// the output is off by an independent rounding, and a score that is off by e moves the output by weight · e · (v − output). Where one
/// row or one pair of keys decides the largest error, a measured error is a single throw of dice; this is how far dice fall apart.
/// Linear attention may also be summed over channels last, numerator and denominator in different orders. Higham and Mary 2019, A New Approach to
/// Probabilistic Rounding Error Analysis.
/// </summary>
internal static class RoundingNoise
{
    // Root mean square of the relative error of a rounding to float32, over numbers with evenly distributed logarithms.
    private const double Rounding = 0.21 * ToleranceRule.Epsilon;

    // The same of a rounding to half, whose ε is 2⁻¹⁰.
    private const double HalfRounding = 0.21 / (1 << 10);

    // Roundings of a weight besides its partial sums: scale, its folding into the query, subtraction of the maximum; and the exponential.
    private const double ScoreRoundings = 3, ExponentialRoundings = 4;

    // Positive terms that are alike, as φ makes of constant rows, round alike: of d roundings, of half the sum on average, half agree.
    private const double ChannelSum = 1.0 / 4;

    /// <summary>Variance of each number of an output row [headDim]; arguments as for <see cref="Oracle.Row"/>.</summary>
    public static void Row(
        Definition definition, AttentionProblem problem, int query, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v,
        ReadOnlySpan<double> gold, Span<double> variance, Precision precision = Precision.Single)
    {
        KeyRange visible = problem.VisibleKeys(query);
        int d = problem.HeadDim;
        if (definition is TopKDefinition topK)
        {
            ReadOnlySpan<float> visibleK = k.Slice(visible.Begin * d, visible.Length * d), visibleV = v.Slice(visible.Begin * d, visible.Length * d);
            int[] kept = TopKeys.Select(q.Slice(query * d, d), visibleK, problem.Scale, topK.Count);
            k = TopKeys.Gather(visibleK, kept, d);
            v = TopKeys.Gather(visibleV, kept, d);
            (definition, visible) = (Definition.Softmax, new(0, kept.Length));
        }
        for (int c = 0; c < d; c++)
            variance[c] = definition == Definition.LinearElu ? Math.Pow(ChannelSum * d * Rounding * gold[c], 2) : 0;
        double[] weights = new double[visible.Length], relative = new double[visible.Length];
        bool softmax = definition == Definition.Softmax;
        double[] queryFeatures = new double[d];
        for (int c = 0; c < d; c++)
            queryFeatures[c] = softmax ? q[query * d + c] : Feature(q[query * d + c]);
        for (int i = 0; i < weights.Length; i++)
        {
            (weights[i], double partials) = Dot(queryFeatures, k.Slice((visible.Begin + i) * d, d), softmax);
            if (softmax)
            {
                weights[i] *= problem.Scale;
                relative[i] = problem.Scale * problem.Scale * partials + ScoreRoundings * weights[i] * weights[i] + ExponentialRoundings;
            }
            else
                relative[i] = partials / (weights[i] * weights[i]) + ExponentialRoundings;
        }
        if (softmax)
            Exponentiate(weights);
        double sum = weights.Sum();
        foreach (ref double weight in weights.AsSpan())
            weight /= sum;
        double[] partial = new double[d];
        for (int i = 0; i < weights.Length; i++)
        {
            ReadOnlySpan<float> value = v.Slice((visible.Begin + i) * d, d);
            for (int c = 0; c < d; c++)
            {
                partial[c] += weights[i] * value[c];
                variance[c] += Rounding * Rounding * partial[c] * partial[c];
                if (precision == Precision.Half)
                    variance[c] += Math.Pow(HalfRounding * weights[i] * value[c], 2);
            }
        }
        AddLevers(weights, relative, v.Slice(visible.Begin * d, visible.Length * d), gold, variance);
    }

    // Keys with one score, such as a random projection makes of few keys, are all off together: their levers add up.
    private static void AddLevers(
        double[] weights, double[] relative, ReadOnlySpan<float> v, ReadOnlySpan<double> gold, Span<double> variance)
    {
        int[] order = [.. Enumerable.Range(0, weights.Length)];
        double[] levers = new double[gold.Length];
        Array.Sort((double[])weights.Clone(), order);
        for (int i = 0; i < order.Length; i++)
        {
            int key = order[i];
            double weight = weights[key], error = Math.Sqrt(relative[key]);
            bool first = i == 0 || !weights[order[i - 1]].Equals(weight), last = i + 1 == order.Length || !weights[order[i + 1]].Equals(weight);
            ReadOnlySpan<float> value = v.Slice(key * levers.Length, levers.Length);
            for (int c = 0; c < levers.Length; c++)
            {
                double lever = weight * (value[c] - gold[c]) * error;
                levers[c] = first ? lever : levers[c] + lever;
            }
            for (int c = 0; last && c < levers.Length; c++)
                variance[c] += Rounding * Rounding * levers[c] * levers[c];
        }
    }

    // a·b, or a·φ(b), and the sum of the squares of its partial sums.
    private static (double Value, double SquaredPartials) Dot(double[] a, ReadOnlySpan<float> b, bool plain)
    {
        double sum = 0, squares = 0;
        for (int c = 0; c < a.Length; c++)
        {
            sum += a[c] * (plain ? b[c] : Feature(b[c]));
            squares += sum * sum;
        }
        return (sum, squares);
    }

    private static double Feature(double x) => x > 0 ? x + 1 : Math.Exp(x);

    private static void Exponentiate(Span<double> scores)
    {
        double max = double.NegativeInfinity;
        foreach (double score in scores)
            max = Math.Max(max, score);
        for (int i = 0; i < scores.Length; i++)
            scores[i] = Math.Exp(scores[i] - max);
    }
}
