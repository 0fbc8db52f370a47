using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// How large float32's rounding error in a weighted mean is expected to be, from a first-order model: every partial sum of a score, of the
/// weights and of the output is off by a rounding (see <see cref="OrderedSum"/>), and a score that is off by e moves the output by
/// weight · e · (v − output). Where one row or one pair of keys decides the largest error, one sample of the error says little; this is its
/// standard deviation. Higham and Mary 2019, A New Approach to Probabilistic Rounding Error Analysis.
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

    // Numbers of float16 below 2⁻¹⁴ are multiples of 2⁻²⁴; what bfloat16 cannot resolve is nothing beside any sum.
    private static readonly double smallestHalf = Math.ScaleB(1, -14);

    /// <summary>Root mean square of the rounding of a number to the format of products; nothing for float32, whose roundings are counted elsewhere.</summary>
    public static double OfProduct(Element products, double number)
    {
        double magnitude = Math.Abs(number), resolved = products == Element.Float16 ? Math.Max(magnitude, smallestHalf) : magnitude;
        return products == Element.Float32 ? 0 : Math.Min(magnitude, RoundingPerEpsilon * products.Epsilon() * resolved);
    }

    /// <summary>Adds the variance of Σ weight·v / Σ weight and of what the errors of the weights make of it.</summary>
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
        var outputs = new OrderedSum[d];
        var halves = new OrderedSum[2 * d];
        var sum = new OrderedSum();
        for (int i = 0; i < weights.Length; i++)
        {
            ReadOnlySpan<float> value = v.Slice(i * d, d);
            sum.Add(weights[i]);
            for (int c = 0; c < d; c++)
            {
                double product = weights[i] * value[c];
                outputs[c].Add(product);
                halves[i % 2 * d + c].Add(product);
                if (productRounding > 0)
                    variance[c] += Math.Pow(productRounding * product, 2);
            }
        }
        for (int c = 0; c < d; c++)
        {
            double output = Math.Max(outputs[c].Variance, Joined(halves[c], halves[d + c]));
            variance[c] += Rounding * Rounding * (output + sum.Variance * gold[c] * gold[c]);
        }
        AddLevers(weights, relative, v, gold, variance);
    }

    /// <summary>a·b, or a·map(b).</summary>
    public static OrderedSum Dot(double[] a, ReadOnlySpan<float> b, Func<double, double>? map = null)
    {
        var sum = new OrderedSum();
        for (int c = 0; c < a.Length; c++)
            sum.Add(a[c] * (map is null ? b[c] : map(b[c])));
        return sum;
    }

    // Values whose signs alternate cancel at every second key when they are summed in order, but only at the end when even and odd keys are
    // summed apart, as loops over two keys do (sgemm of OpenBLAS for Haswell). Either order is plain float32: the larger error counts.
    private static double Joined(OrderedSum even, OrderedSum odd) =>
        even.Variance + odd.Variance + (even.Value + odd.Value) * (even.Value + odd.Value);

    // Keys with one score, such as repeated keys or a random projection of few, are off together where one loop computes them, and each for
    // itself where two do, such as a tile and a remainder. Their levers may cancel in one case or the other: the larger counts.
    private static void AddLevers(
        double[] weights, double[] relative, ReadOnlySpan<float> v, ReadOnlySpan<double> gold, Span<double> variance)
    {
        int[] order = [.. Enumerable.Range(0, weights.Length)];
        double[] together = new double[gold.Length], apart = new double[gold.Length];
        Array.Sort((double[])weights.Clone(), order);
        for (int i = 0; i < order.Length; i++)
        {
            int key = order[i];
            double weight = weights[key], error = Rounding * Math.Sqrt(relative[key]);
            bool first = i == 0 || !weights[order[i - 1]].Equals(weight), last = i + 1 == order.Length || !weights[order[i + 1]].Equals(weight);
            ReadOnlySpan<float> value = v.Slice(key * together.Length, together.Length);
            for (int c = 0; c < together.Length; c++)
            {
                double lever = weight * (value[c] - gold[c]) * error;
                together[c] = first ? lever : together[c] + lever;
                apart[c] = first ? lever * lever : apart[c] + lever * lever;
            }
            for (int c = 0; last && c < together.Length; c++)
                variance[c] += Math.Max(together[c] * together[c], apart[c]);
        }
    }
}
