using System.Numerics.Tensors;
using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// Linear attention with φ(x) = elu(x) + 1. Gold and two variants of plain float32 are its quadratic form, with weights φ(q)·φ(k). The
/// third variant is its recurrence, φ(q)·S / φ(q)·z with S = Σ φ(k)vᵀ and z = Σ φ(k), where the mask allows it: it sums over channels last
/// and rounds differently; where all channels are equal, d times the rounding of one sum. Katharopoulos et al. 2020, equations 4 and 18 to
/// 20.
/// </summary>
/// <param name="operation">The operation.</param>
public sealed class LinearEluReference(LinearEluAttention operation) : RowReference(operation)
{
    private const int Chunk = 64;

    // Equal positive terms, as φ gives for constant rows, round in the same direction: of d roundings, each of half the sum on average,
    // half agree.
    private const double ChannelSum = 1.0 / 4;

    // exp(−40 − 40) is a normal float32; far below, even float64 loses the weights.
    private const float Least = -40;

    /// <inheritdoc/>
    public override string InputSet => "attention with features";

    /// <inheritdoc/>
    public override IReadOnlyList<Kernel> Controls => [new ScalarState(operation)];

    /// <inheritdoc/>
    public override IReadOnlyList<WrongKernel> WrongKernels() =>
    [
        new(new ScalarState(operation)
        {
            Name = "chunk-boundary-dropped", Mistake = "linear attention that forgets the last key of each chunk of 64",
            Drops = key => key % Chunk == Chunk - 1,
        }, FailureKind.Inaccurate),
        new(new ScalarState(operation)
        {
            Name = "linear-no-division", Mistake = "linear attention that is not divided by the sum of its weights",
            Divides = false,
        }, FailureKind.Inaccurate),
    ];

    /// <inheritdoc/>
    public override Inputs CreateInputs(Problem problem, InputFamily family, int seed)
    {
        Inputs inputs = base.CreateInputs(problem, family, seed);
        Raise(inputs);
        return inputs;
    }

    /// <summary>Raises q and k so far that float32 holds the products of their features.</summary>
    internal static void Raise(Inputs inputs)
    {
        foreach (string name in new[] { "q", "k" })
            TensorPrimitives.Max(inputs[name], Least, inputs[name]);
    }

    /// <inheritdoc/>
    public override bool SharesWork(Problem problem) => IsRecurrent((AttentionProblem)problem);

    /// <inheritdoc/>
    public override float[][] Plain(Inputs inputs, RowBlock rows, Element products)
    {
        float[][] ways = base.Plain(inputs, rows, products);
        var problem = (AttentionProblem)inputs.Problem;
        if (IsRecurrent(problem))
            ways[^1] = Recurrent(problem, inputs, rows.HeadIndex, rows.Tokens);
        return ways;
    }

    private protected override void Gold(Inputs inputs, AttentionRow row, int headIndex, int query, Span<double> values)
    {
        double[] features = new double[row.Q.Length], weights = new double[row.Keys];
        for (int c = 0; c < features.Length; c++)
            features[c] = Feature(row.Q[c]);
        for (int key = 0; key < weights.Length; key++)
        {
            var sum = new CompensatedSum();
            for (int c = 0; c < features.Length; c++)
                sum.Add(features[c] * Feature(row.K[key * features.Length + c]));
            weights[key] = sum.Value;
        }
        WeightedMean.Compute(weights, row.V, values);
    }

    private protected override void Plain(
        Inputs inputs, AttentionRow row, int headIndex, int query, int way, Element products, Span<float> values)
    {
        if (way == Ways - 1 && IsRecurrent((AttentionProblem)inputs.Problem))
            return;
        float[] weights = new float[row.Keys], q = Features(row.Q), k = Features(row.K);
        for (int key = 0; key < weights.Length; key++)
            weights[key] = PlainFloat.Dot(q, k.AsSpan(key * q.Length, q.Length), PlainFloat.LanesOf(way));
        PlainFloat.WeightedMean(weights, row.V, PlainFloat.LanesOf(way), values);
    }

    private protected override void AddVariance(
        Inputs inputs, AttentionRow row, int headIndex, int query, Element products, ReadOnlySpan<double> gold, Span<double> variance)
    {
        int d = row.Q.Length;
        for (int c = 0; c < gold.Length; c++)
            variance[c] = Math.Pow(ChannelSum * d * RoundingNoise.Rounding * gold[c], 2);
        double[] weights = new double[row.Keys], relative = new double[row.Keys], features = new double[d];
        for (int c = 0; c < d; c++)
            features[c] = Feature(row.Q[c]);
        for (int i = 0; i < weights.Length; i++)
        {
            OrderedSum dot = RoundingNoise.Dot(features, row.K.Slice(i * d, d), Feature);
            weights[i] = dot.Value;
            relative[i] = dot.Variance / (weights[i] * weights[i]) + RoundingNoise.ExponentialRoundings;
        }
        double sum = weights.Sum();
        foreach (ref double weight in weights.AsSpan())
            weight /= sum;
        RoundingNoise.AddWeightedMean(weights, relative, row.V, gold, Element.Float32, variance);
    }

    // Each query sees all keys that the query before it sees, starting from the first key.
    private static bool IsRecurrent(AttentionProblem problem) => problem.Mask is FullMask or CausalMask;

    internal static double Feature(double x) => x > 0 ? x + 1 : Math.Exp(x);

    internal static float[] Features(ReadOnlySpan<float> x)
    {
        float[] features = new float[x.Length];
        for (int i = 0; i < features.Length; i++)
            features[i] = x[i] > 0 ? x[i] + 1 : MathF.Exp(x[i]);
        return features;
    }

    private static float[] Recurrent(AttentionProblem problem, Inputs inputs, int headIndex, int[] queries)
    {
        int d = problem.HeadDim, valueDim = problem.ValueDim, seen = 0;
        float[] q = Features(inputs.HeadQ(headIndex)), k = Features(inputs.HeadK(headIndex));
        ReadOnlySpan<float> v = inputs.HeadV(headIndex);
        float[] output = new float[queries.Length * valueDim], state = new float[d * valueDim], sum = new float[d];
        for (int row = 0; row < queries.Length; row++)
        {
            for (int end = problem.VisibleKeys(queries[row]).End; seen < end; seen++)
                Add(k.AsSpan(seen * d, d), v.Slice(seen * valueDim, valueDim), state, sum);
            if (seen > 0)
                Read(q.AsSpan(queries[row] * d, d), state, sum, output.AsSpan(row * valueDim, valueDim));
        }
        return output;
    }

    private static void Add(ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> state, Span<float> sum)
    {
        for (int channel = 0; channel < k.Length; channel++)
        {
            sum[channel] += k[channel];
            Span<float> row = state.Slice(channel * v.Length, v.Length);
            TensorPrimitives.MultiplyAdd(v, k[channel], row, row);
        }
    }

    private static void Read(ReadOnlySpan<float> q, ReadOnlySpan<float> state, ReadOnlySpan<float> sum, Span<float> output)
    {
        float total = 0;
        for (int channel = 0; channel < q.Length; channel++)
        {
            total += q[channel] * sum[channel];
            TensorPrimitives.MultiplyAdd(state.Slice(channel * output.Length, output.Length), q[channel], output, output);
        }
        foreach (ref float number in output)
            number /= total;
    }
}
