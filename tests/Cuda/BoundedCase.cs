using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Tests.Cuda.Ptx;
using Xunit;

namespace Kernels.Tests.Cuda;

/// <summary>
/// A problem whose inputs have the format of a kernel, and how far from the float64 oracle of those inputs the kernel may be. It keeps
/// weights w ≤ 1 in the format of the values for the second product and everything else as floats, so that of an output o = Σ w v / Σ w
/// <list type="bullet">
/// <item>each weight moves by at most half a unit in the last place, 2⁻¹¹ w as float16 and 2⁻⁹ w as bfloat16, or 2⁻²⁵ where it is a subnormal
/// half; as float32 not at all;</item>
/// <item>each weight is computed with a relative error η from its score (headDim/16 products whose sum is cut off to 24 bits, or headDim
/// multiply-adds; then scale and exponential) and from one rescaling a tile, and one more where parts are joined;</item>
/// <item>each sum of products loses at most 2⁻²³ a step.</item>
/// </list>
/// The first dominates on tensor cores. That is the bound of each number; and since roundings are independent, the mean square error of all must not
/// exceed what their variance predicts, which is far less. A weight is uniform within its half unit at most: a variance of (2⁻¹¹ w)²/3.
/// <para>
/// The log-sum-exp m + ln Σ w has no rounded weights: Σ w has the relative error η and that of its sum, the logarithm the absolute error of
/// lg2.approx, 2⁻²² log₂ units, and m, the scale, ln 2 and what is added up a rounding each.
/// </para>
/// </summary>
internal sealed class BoundedCase
{
    private static readonly double floatUlp = Math.ScaleB(1, -23);

    private readonly AttentionProblem problem;
    private readonly double[] scores;
    private readonly double halfUlp, subnormal, productSteps, sumSteps;
    private readonly int tileKeys, joins;
    private double squares, expectedSquares;

    private BoundedCase(InterpretedKernel kernel, AttentionProblem problem, int joins)
    {
        (this.problem, this.joins) = (problem, joins);
        scores = new double[problem.Keys];
        tileKeys = kernel.TileKeys(problem.HeadDim);
        halfUlp = kernel.OnTensorCores ? kernel.Element.Epsilon() / 2 : 0;
        subnormal = kernel.Element == Element.Float16 ? Math.ScaleB(1, -25) : 0;
        productSteps = kernel.OnTensorCores ? problem.HeadDim / 16.0 : problem.HeadDim;
        sumSteps = kernel.OnTensorCores ? problem.Keys / 16.0 + problem.Keys / 4.0 : 1.5 * problem.Keys;
    }

    /// <summary>Outputs and log-sum-exps on seeded inputs are within their bounds.</summary>
    public static void AssertRight(string kernel, AttentionProblem problem, InputFamily family, int splits = 2)
    {
        (double overBound, double overExpected) = Errors(InterpretedKernel.Of(kernel), problem, family, null, splits);

        Assert.True(overBound <= 1, $"{kernel}, {problem}: an error is {overBound:N2} times its bound");
        Assert.True(overExpected <= 1, $"{kernel}, {problem}: the root mean square error is {overExpected:N2} times the largest expected");
    }

    /// <summary>The largest error over its bound, and the root mean square error over what is expected of it; both at most 1 when right.</summary>
    public static (double OverBound, double OverExpected) Errors(
        InterpretedKernel kernel, AttentionProblem problem, InputFamily family, PtxModule? module, int splits = 2)
    {
        using Inputs created = AttentionInputs.Create(problem, family, seed: 1), inputs = created.RoundedTo(kernel.Element);
        CudaRows rows = new CudaRun(kernel, problem, module) { Splits = splits }.Rows(inputs);
        return Errors(kernel, inputs, rows, kernel.Decodes ? splits : 0);
    }

    /// <summary>The same of rows that were computed, with as many parts joined as given.</summary>
    public static (double OverBound, double OverExpected) Errors(InterpretedKernel kernel, Inputs inputs, CudaRows rows, int joins) =>
        new BoundedCase(kernel, (AttentionProblem)inputs.Problem, joins).Compare(inputs, rows);

    private (double OverBound, double OverExpected) Compare(Inputs inputs, CudaRows rows)
    {
        double worst = 0;
        int d = problem.HeadDim;
        for (int row = 0; row < rows.Lse.Length; row++)
        {
            (int headIndex, int query) = Math.DivRem(row, problem.Queries);
            worst = Math.Max(worst, CompareRow(inputs, headIndex, query, rows.Output.AsSpan(row * d, d), rows.Lse[row]));
        }
        double rms = Math.Sqrt(squares), expected = Math.Sqrt(expectedSquares);
        return (worst, rms == 0 ? 0 : rms / expected);
    }

    private double CompareRow(Inputs inputs, int headIndex, int query, ReadOnlySpan<float> output, float lse)
    {
        int d = problem.HeadDim;
        ReadOnlySpan<float> q = inputs.HeadQ(headIndex), k = inputs.HeadK(headIndex), v = inputs.HeadV(headIndex);
        double[] gold = new double[d];
        References.Suite.Of(Operations.Softmax).Gold(inputs, new RowBlock(0, headIndex, [query]), gold);
        KeyRange visible = problem.VisibleKeys(query);
        if (visible.IsEmpty)
            return output.ContainsAnyExcept(0f) || !float.IsNegativeInfinity(lse) ? double.PositiveInfinity : 0;

        double sum = TakeWeights(q.Slice(query * d, d), k, visible, out double max, out double weightError);
        double steps = sumSteps + problem.Keys / tileKeys + 9;
        double goldLse = max + Math.Log(sum);
        double lseBound = weightError + floatUlp * (steps + 4 * Math.Abs(max) + 2 * Math.Log(sum) + 2 + Math.Abs(goldLse));
        // The weight of a part that is joined is the power of its log-sum-exp.
        weightError += joins * lseBound;
        lseBound *= 1 + joins;
        double worst = Ratio(lse - goldLse, lseBound);
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
            double error = output[c] - gold[c];
            worst = Math.Max(worst, Ratio(error, halfUlp * magnitude + subnormal * plain + others));
            squares += error * error;
            // What the rounding of weights predicts, and the bound of all else.
            expectedSquares += variance + Math.Pow(others + subnormal * plain, 2);
        }
        return worst;
    }

    private static double Ratio(double error, double bound) =>
        !double.IsFinite(error) ? double.PositiveInfinity : error == 0 ? 0 : Math.Abs(error) / bound;

    /// <summary>Leaves the weights, the largest 1, in <see cref="scores"/>; returns their sum.</summary>
    private double TakeWeights(ReadOnlySpan<float> q, ReadOnlySpan<float> k, KeyRange visible, out double max, out double relativeError)
    {
        int d = problem.HeadDim;
        double largest = 0, largestMagnitude = 0, sum = 0;
        max = double.NegativeInfinity;
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
        double tiles = visible.Length / tileKeys + 1 + joins;
        relativeError = productSteps * floatUlp * largestMagnitude + tiles * (2 * floatUlp * largest + 4 * floatUlp);
        return sum;
    }
}
