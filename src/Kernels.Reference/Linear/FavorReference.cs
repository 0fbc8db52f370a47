using System.Numerics;
using System.Numerics.Tensors;
using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// FAVOR+. Gold is its direct form: the weight of every pair of query and key as a logarithm, so that nothing overflows or underflows.
/// Plain float32 is its recurrence, with products with the directions summed in order, in 8 lanes, and in 8 lanes with queries and keys
/// scaled beforehand. Each feature has its sums relative to its largest exponent so far, as in an online softmax; with a single maximum for
/// all, whole rows would underflow.
/// </summary>
/// <param name="operation">The operation.</param>
public sealed class FavorReference(FavorAttention operation) : HeadReference(operation)
{
    // √3: numbers of [−1, 1) have the standard deviation 1/√3. Steps of one unit up or down would too often cancel between two features.
    private const double Unit = 1.7320508075688772;

    /// <inheritdoc/>
    public override IReadOnlyList<WrongKernel> WrongKernels() =>
    [
        new(new OtherOperation(
            "favor-other-seed", "random features drawn from another seed", operation,
            new FavorReference(new(operation.Features, operation.Seed + 1))), FailureKind.Inaccurate),
        new(new OtherOperation(
            "favor-not-orthogonal", "random features that are not orthogonal", operation,
            new FavorReference(new(operation.Features, operation.Seed, orthogonal: false))), FailureKind.Inaccurate),
        new(new OtherOperation(
            "favor-fewer-features", "forgets the last 16 random features", operation,
            new FavorReference(new(operation.Features - 16, operation.Seed))), FailureKind.Inaccurate),
    ];

    /// <inheritdoc/>
    protected override void Gold(
        AttentionProblem problem, int head, ReadOnlySpan<int> queries, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v,
        Span<double> output) => Gold(problem, queries, q, k, v, (_, _) => 0, output);

    /// <inheritdoc/>
    /// <remarks>
    /// An exponent is the difference of a product with a direction and of half the square of a key. Each may be in the hundreds, and its absolute
    /// error is the relative error of a feature. Both are sums over the channels, of which every partial sum is rounded: with channels in random
    /// order, the squares of the partial sums of d terms t add up to d/3·(Σt)² + d/6·Σt². The roundings of inputs are smaller.
    /// </remarks>
    protected override void MovedGold(
        AttentionProblem problem, int head, ReadOnlySpan<int> queries, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v,
        SeededNormal random, Span<double> output) =>
        Gold(
            problem, queries, q, k, v,
            (number, squares) => Unit * (2 * random.NextUniform() - 1)
                * Math.Max(UnitInTheLastPlace((float)number), RoundingNoise.ExpectedErrors * RoundingNoise.Rounding * Math.Sqrt(squares)),
            output);

    private void Gold(
        AttentionProblem problem, ReadOnlySpan<int> queries, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v,
        Func<double, double, double> rounding, Span<double> output)
    {
        int d = problem.HeadDim, valueDim = problem.ValueDim;
        float[] directions = Transposed(operation.Directions(d), d);
        double root = Math.Sqrt(Math.Abs((double)problem.Scale)), sign = Math.Sign(problem.Scale);
        var queryFeatures = new (double Log, double[] Features)[queries.Length];
        for (int row = 0; row < queries.Length; row++)
            queryFeatures[row] = Features(directions, q.Slice(queries[row] * d, d), sign * root, 0, rounding);
        double[][] logs = new double[queries.Length][];
        for (int row = 0; row < queries.Length; row++)
            logs[row] = new double[problem.VisibleKeys(queries[row]).End];
        for (int key = 0; key < problem.Keys && Array.Exists(logs, row => row.Length > key); key++)
        {
            ReadOnlySpan<float> kRow = k.Slice(key * d, d);
            (double log, double[] features) = Features(directions, kRow, root, root * root * CompensatedSum.Dot(kRow, kRow) / 2, rounding);
            for (int row = 0; row < logs.Length; row++)
            {
                if (key < logs[row].Length)
                    logs[row][key] = queryFeatures[row].Log + log + Math.Log(Dot(queryFeatures[row].Features, features));
            }
        }
        for (int row = 0; row < queries.Length; row++)
        {
            double max = logs[row].Length == 0 ? 0 : logs[row].Max();
            double[] weights = Array.ConvertAll(logs[row], log => Math.Exp(log - max));
            if (weights.Length > 0)
                WeightedMean.Compute(weights, v[..(weights.Length * valueDim)], output.Slice(row * valueDim, valueDim));
        }
    }

    /// <summary>
    /// exp(factor·ωᵢ·x − less) for every direction, divided by the largest, whose logarithm is returned. <paramref name="rounding"/>, of a number
    /// and of the squares of its partial sums, is added to each number that float32 rounds.
    /// </summary>
    private static (double Log, double[] Features) Features(
        float[] directions, ReadOnlySpan<float> x, double factor, double less, Func<double, double, double> rounding)
    {
        double[] features = new double[directions.Length / x.Length];
        // A direction is about as long as √d, so the squares of the terms of a product add up to about |x|².
        double ofEach = x.Length / 3.0, ofTerms = x.Length / 6.0 * factor * factor * Dot(x, x);
        less += rounding(less, ofEach * less * less);
        for (int i = 0; i < features.Length; i++)
        {
            double product = factor * Dot(directions.AsSpan(i * x.Length, x.Length), x);
            double exponent = product + rounding(product, ofEach * product * product + ofTerms) - less;
            features[i] = exponent + rounding(exponent, 0);
        }
        double max = features[0];
        foreach (double log in features)
            max = Math.Max(max, log);
        for (int i = 0; i < features.Length; i++)
            features[i] = Math.Exp(features[i] - max);
        return (max, features);
    }

    // The power of two below a number, times ε.
    private static double UnitInTheLastPlace(float number) =>
        BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(number) & 0x7F800000) * RoundingNoise.Epsilon;

    /// <summary>
    /// ω·x. Products of float32 numbers are exact; the relative error of their sum is about 10⁻¹⁶, which suffices for an exponent.
    /// </summary>
    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        int width = Vector<float>.Count, c = 0;
        Vector<double> low = default, high = default;
        for (; Vector.IsHardwareAccelerated && c <= a.Length - width; c += width)
        {
            Vector.Widen(new Vector<float>(a[c..]), out Vector<double> aLow, out Vector<double> aHigh);
            Vector.Widen(new Vector<float>(b[c..]), out Vector<double> bLow, out Vector<double> bHigh);
            low += aLow * bLow;
            high += aHigh * bHigh;
        }
        double sum = Vector.Sum(low + high);
        for (; c < a.Length; c++)
            sum += (double)a[c] * b[c];
        return sum;
    }

    private static double Dot(double[] a, double[] b)
    {
        int width = Vector<double>.Count;
        Vector<double> sums = default;
        int i = 0;
        for (; Vector.IsHardwareAccelerated && i <= a.Length - width; i += width)
            sums += new Vector<double>(a, i) * new Vector<double>(b, i);
        // Positive terms do not cancel.
        double sum = Vector.Sum(sums);
        for (; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    private static float[] Transposed(ReadOnlySpan<float> columns, int headDim)
    {
        float[] rows = new float[columns.Length];
        int features = columns.Length / headDim;
        for (int i = 0; i < rows.Length; i++)
            rows[i] = columns[i % headDim * features + i / headDim];
        return rows;
    }

    /// <inheritdoc/>
    protected override float[][] Plain(Inputs inputs, int headIndex, int[] queries) => Together(
        () => Recurrent(inputs, headIndex, queries, PlainFloat.LanesOf(0), scaleFirst: false),
        () => Recurrent(inputs, headIndex, queries, PlainFloat.LanesOf(1), scaleFirst: false),
        () => Recurrent(inputs, headIndex, queries, PlainFloat.LanesOf(1), scaleFirst: true));

    private float[] Recurrent(Inputs inputs, int headIndex, int[] queries, int lanes, bool scaleFirst)
    {
        var problem = (AttentionProblem)inputs.Problem;
        int d = problem.HeadDim, valueDim = problem.ValueDim, seen = 0;
        float root = MathF.Sqrt(MathF.Abs(problem.Scale));
        float[] q = inputs.HeadQ(headIndex).ToArray(), k = inputs.HeadK(headIndex).ToArray();
        ReadOnlySpan<float> v = inputs.HeadV(headIndex);
        if (scaleFirst)
        {
            TensorPrimitives.Multiply(q, root, q);
            TensorPrimitives.Multiply(k, root, k);
            root = 1;
        }
        var state = new FavorState(operation.Directions(d).ToArray(), operation.Features, valueDim, lanes);
        float[] output = new float[queries.Length * valueDim];
        for (int row = 0; row < queries.Length; row++)
        {
            int end = problem.VisibleKeys(queries[row]).End;
            for (; seen < end; seen++)
                state.Add(k.AsSpan(seen * d, d), v.Slice(seen * valueDim, valueDim), root);
            if (end > 0)
                state.Read(q.AsSpan(queries[row] * d, d), root * MathF.Sign(problem.Scale), output.AsSpan(row * valueDim, valueDim));
        }
        return output;
    }
}
