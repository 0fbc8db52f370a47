using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Tests.Cuda.Ptx;

namespace Kernels.Tests.Cuda;

/// <summary>
/// A problem whose inputs are halves, and how far from the float64 oracle of those inputs the tensor-core kernel may be. It keeps
/// weights w ≤ 1 as halves for the second product and everything else as floats, so that of an output o = Σ w v / Σ w
/// <list type="bullet">
/// <item>each weight moves by at most 2⁻¹¹ w, half a unit in the last place, or 2⁻²⁵ where it is subnormal;</item>
/// <item>each weight is computed with a relative error η from its score (headDim/16 products whose sum is cut off to 24 bits, then scale
/// and exponential) and from one rescaling a tile;</item>
/// <item>each sum of products loses at most 2⁻²³ a step.</item>
/// </list>
/// The first dominates. That is the bound of each number; and since roundings are independent, the mean square error of all must not exceed
/// what their variance predicts, which is far less. A weight is uniform within its half unit at most: a variance of (2⁻¹¹ w)²/3.
/// </summary>
internal sealed class HalfCase
{
    private const int TileKeys = 64;
    private static readonly double halfUlp = Math.ScaleB(1, -11), floatUlp = Math.ScaleB(1, -23), subnormal = Math.ScaleB(1, -25);

    private readonly AttentionProblem problem;
    private readonly double[] scores;
    private double squares, expectedSquares;

    private HalfCase(AttentionProblem problem)
    {
        this.problem = problem;
        scores = new double[problem.Keys];
    }

    /// <summary>The largest error over its bound, and the root mean square error over what is expected of it; both at most 1 when right.</summary>
    public static (double OverBound, double OverExpected) Errors(AttentionProblem problem, InputFamily family, PtxModule module)
    {
        using Inputs created = AttentionInputs.Create(problem, family, seed: 1), inputs = created.RoundedTo(Element.Float16);
        float[] output = new CudaRun(problem, module).FlashF16(Halves(inputs["q"]), Halves(inputs["k"]), Halves(inputs["v"]));
        return new HalfCase(problem).Compare(inputs, output);
    }

    /// <summary>Numbers as halves, to nearest even.</summary>
    public static Half[] Halves(ReadOnlySpan<float> numbers)
    {
        var halves = new Half[numbers.Length];
        for (int i = 0; i < halves.Length; i++)
            halves[i] = (Half)numbers[i];
        return halves;
    }

    private (double OverBound, double OverExpected) Compare(Inputs inputs, ReadOnlySpan<float> output)
    {
        double worst = 0;
        int d = problem.HeadDim;
        for (int row = 0; row < output.Length / d; row++)
        {
            (int headIndex, int query) = Math.DivRem(row, problem.Queries);
            worst = Math.Max(worst, CompareRow(inputs, headIndex, query, output.Slice(row * d, d)));
        }
        double rms = Math.Sqrt(squares), expected = Math.Sqrt(expectedSquares);
        return (worst, rms == 0 ? 0 : rms / expected);
    }

    private double CompareRow(Inputs inputs, int headIndex, int query, ReadOnlySpan<float> output)
    {
        int d = problem.HeadDim;
        ReadOnlySpan<float> q = inputs.HeadQ(headIndex), k = inputs.HeadK(headIndex), v = inputs.HeadV(headIndex);
        double[] gold = new double[d];
        References.Suite.Of(Operations.Softmax).Gold(inputs, new RowBlock(0, headIndex, [query]), gold);
        KeyRange visible = problem.VisibleKeys(query);
        if (visible.IsEmpty)
            return output.ContainsAnyExcept(0f) ? double.PositiveInfinity : 0;

        double sum = TakeWeights(q.Slice(query * d, d), k, visible, out double weightError);
        double steps = problem.Keys / 16.0 + problem.Keys / 4.0 + problem.Keys / TileKeys + 9;
        double worst = 0;
        for (int c = 0; c < d; c++)
        {
            double magnitude = 0, variance = 0, plain = 0;
            for (int key = visible.Begin; key < visible.End; key++)
            {
                double weighted = scores[key] * Math.Abs(v[key * d + c]);
                magnitude += weighted / sum;
                variance += weighted * weighted / (sum * sum) * halfUlp * halfUlp / 3;
                plain += Math.Abs(v[key * d + c]) / sum;
            }
            double others = (2 * weightError + steps * floatUlp) * magnitude + floatUlp * Math.Abs(gold[c]);
            double bound = halfUlp * magnitude + subnormal * plain + others;
            double error = Math.Abs(output[c] - gold[c]);
            if (!double.IsFinite(error))
                return double.PositiveInfinity;
            worst = Math.Max(worst, error == 0 ? 0 : error / bound);
            squares += error * error;
            // What the rounding of weights predicts, and the bound of all else.
            expectedSquares += variance + Math.Pow(others + subnormal * plain, 2);
        }
        return worst;
    }

    /// <summary>Leaves the weights, the largest 1, in <see cref="scores"/>; returns their sum.</summary>
    private double TakeWeights(ReadOnlySpan<float> q, ReadOnlySpan<float> k, KeyRange visible, out double relativeError)
    {
        int d = problem.HeadDim;
        double max = double.NegativeInfinity, largest = 0, largestMagnitude = 0, sum = 0;
        for (int key = visible.Begin; key < visible.End; key++)
        {
            double score = 0, magnitude = 0;
            for (int c = 0; c < d; c++)
            {
                double product = (double)q[c] * k[key * d + c];
                score += product;
                magnitude += Math.Abs(product);
            }
            scores[key] = score * problem.Scale;
            max = Math.Max(max, scores[key]);
            largest = Math.Max(largest, Math.Abs(scores[key]));
            largestMagnitude = Math.Max(largestMagnitude, magnitude * Math.Abs(problem.Scale));
        }
        for (int key = visible.Begin; key < visible.End; key++)
        {
            scores[key] = Math.Exp(scores[key] - max);
            sum += scores[key];
        }
        double tiles = visible.Length / TileKeys + 1;
        relativeError = d / 16.0 * floatUlp * largestMagnitude + tiles * (2 * floatUlp * largest + 4 * floatUlp);
        return sum;
    }
}
