using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// How large float32's rounding error in a weighted mean is expected to be, from a first-order model: every partial sum of a score and of
/// the output is off by an independent rounding, and a score that is off by e moves the output by weight · e · (v − output). Where one
/// row or one pair of keys decides the largest error, one sample of the error says little; this is its standard deviation. Higham and Mary
/// 2019, A New Approach to Probabilistic Rounding Error Analysis.
/// </summary>
internal static class RoundingNoise
{
    /// <summary>
    /// The base counts as at least this many times the expected rounding error, so that a base that is right by luck does not reject a kernel
    /// that is not.
    /// </summary>
    public const double ExpectedErrors = 2;

    /// <summary>ε: the distance from 1 to the next float32, 2⁻²³.</summary>
    public const double Epsilon = 1.0 / (1 << 23);

    /// <summary>Root mean square of the relative error of a rounding to float32, over numbers with evenly distributed logarithms.</summary>
    public const double Rounding = RoundingPerEpsilon * Epsilon;

    /// <summary>Roundings of a weight besides its partial sums: scale, its folding into the query, subtraction of the maximum.</summary>
    public const double ScoreRoundings = 3;

    /// <summary>Roundings of an exponential.</summary>
    public const double ExponentialRoundings = 4;

    private const double RoundingPerEpsilon = 0.21;

    /// <summary>Adds the variance of Σ weight·v and of what the errors of the weights make of it.</summary>
    /// <param name="weights">[keys], their sum is 1.</param>
    /// <param name="relative">[keys] variance of the relative error of each weight, in units of <see cref="Rounding"/>².</param>
    /// <param name="v">[keys, channels].</param>
    /// <param name="gold">[channels].</param>
    /// <param name="products">Format to which weights are rounded where they multiply v.</param>
    /// <param name="variance">[channels].</param>
    public static void AddWeightedMean(
        double[] weights, double[] relative, ReadOnlySpan<float> v, ReadOnlySpan<double> gold, Element products, Span<double> variance)
    {
        int d = gold.Length;
        double productRounding = products == Element.Float32 ? 0 : RoundingPerEpsilon * products.Epsilon();
        double[] partial = new double[d];
        for (int i = 0; i < weights.Length; i++)
        {
            ReadOnlySpan<float> value = v.Slice(i * d, d);
            for (int c = 0; c < d; c++)
            {
                partial[c] += weights[i] * value[c];
                variance[c] += Rounding * Rounding * partial[c] * partial[c];
                if (productRounding > 0)
                    variance[c] += Math.Pow(productRounding * weights[i] * value[c], 2);
            }
        }
        AddLevers(weights, relative, v, gold, variance);
    }

    /// <summary>a·b, or a·map(b), and the sum of the squares of its partial sums.</summary>
    public static (double Value, double SquaredPartials) Dot(double[] a, ReadOnlySpan<float> b, Func<double, double>? map = null)
    {
        double sum = 0, squares = 0;
        for (int c = 0; c < a.Length; c++)
        {
            sum += a[c] * (map is null ? b[c] : map(b[c]));
            squares += sum * sum;
        }
        return (sum, squares);
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
}
