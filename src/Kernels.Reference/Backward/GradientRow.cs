using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// The pairs of queries and keys on which one row of the gradients depends: one query with the keys that it sees, or one key with the
/// queries of its heads that see it, each as often as it counts. The side with one row has stride 0.
/// </summary>
internal sealed class GradientRow
{
    private readonly int headDim, valueDim;
    private readonly bool ofQuery;
    private readonly float[] q, k, v, o, gradO, lse;

    private GradientRow(
        int headDim, int valueDim, float scale, bool ofQuery, float[] q, float[] k, float[] v, float[] o, float[] gradO, float[] lse)
    {
        (this.headDim, this.valueDim, Scale, this.ofQuery) = (headDim, valueDim, scale, ofQuery);
        (this.q, this.k, this.v, this.o, this.gradO, this.lse) = (q, k, v, o, gradO, lse);
    }

    /// <summary>Number of pairs.</summary>
    public int Pairs => ofQuery ? k.Length / headDim : lse.Length;

    /// <summary>Factor of the scores.</summary>
    public float Scale { get; }

    /// <summary>A query of a head with the keys that it sees; heads are counted through all batches.</summary>
    public static GradientRow OfQuery(Inputs inputs, int headIndex, int query)
    {
        var problem = (AttentionProblem)inputs.Problem;
        AttentionRow row = AttentionRow.Of(inputs, headIndex, query);
        return new(
            problem.HeadDim, problem.ValueDim, problem.Scale, ofQuery: true, row.Q.ToArray(), row.K.ToArray(), row.V.ToArray(), Row(inputs, "o", headIndex, query, problem.ValueDim),
            Row(inputs, "do", headIndex, query, problem.ValueDim), Row(inputs, "lse", headIndex, query, 1));
    }

    /// <summary>A key of a kv head with the queries that see it; kv heads are counted through all batches.</summary>
    public static GradientRow OfKey(Inputs inputs, int kvIndex, int key)
    {
        var problem = (AttentionProblem)inputs.Problem;
        List<float> q = [], o = [], gradO = [], lse = [];
        foreach ((int headIndex, int query) in Seeing(problem, kvIndex, key))
        {
            q.AddRange(Row(inputs, "q", headIndex, query, problem.HeadDim));
            o.AddRange(Row(inputs, "o", headIndex, query, problem.ValueDim));
            gradO.AddRange(Row(inputs, "do", headIndex, query, problem.ValueDim));
            lse.AddRange(Row(inputs, "lse", headIndex, query, 1));
        }
        return new(
            problem.HeadDim, problem.ValueDim, problem.Scale, ofQuery: false, [.. q], Row(inputs, "k", kvIndex, key, problem.HeadDim), Row(inputs, "v", kvIndex, key, problem.ValueDim),
            [.. o], [.. gradO], [.. lse]);
    }

    /// <summary>The queries that see a key, each as often as it counts, with their heads counted through all batches.</summary>
    public static IEnumerable<(int HeadIndex, int Query)> Seeing(AttentionProblem problem, int kvIndex, int key)
    {
        int group = problem.Heads / problem.KvHeads;
        for (int headIndex = kvIndex * group; headIndex < (kvIndex + 1) * group; headIndex++)
        {
            MaskedHead head = problem.Head(headIndex % problem.Heads);
            for (int query = 0; query < problem.Queries; query++)
                for (int count = problem.Mask.Count(head, query, key); count > 0; count--)
                    yield return (headIndex, query);
        }
    }

    public ReadOnlySpan<float> Q(int pair) => q.AsSpan(ofQuery ? 0 : pair * headDim, headDim);

    public ReadOnlySpan<float> K(int pair) => k.AsSpan(ofQuery ? pair * headDim : 0, headDim);

    public ReadOnlySpan<float> V(int pair) => v.AsSpan(ofQuery ? pair * valueDim : 0, valueDim);

    public ReadOnlySpan<float> O(int pair) => o.AsSpan(ofQuery ? 0 : pair * valueDim, valueDim);

    public ReadOnlySpan<float> GradO(int pair) => gradO.AsSpan(ofQuery ? 0 : pair * valueDim, valueDim);

    public float Lse(int pair) => lse[ofQuery ? 0 : pair];

    /// <summary>
    /// The row in float64 with compensated sums: dq [headDim], or dk [headDim] and dv [valueDim]. With dO·V and dO·O summed alike, dS is
    /// exactly zero where o is the value.
    /// </summary>
    public void Gold(Span<double> values) => Gold(values, (_, _, _) => 0);

    /// <summary>
    /// The row with every number moved by one unit in the last place, up or down at random, and with the expected roundings of the sums over
    /// channels, which the numbers alone do not cover where all products of a sum have one sign.
    /// </summary>
    public void Moved(Span<double> values, params ReadOnlySpan<int> seed)
    {
        var random = new SeededNormal(seed);
        double shared = random.Next();
        GradientRow moved = MovedInputs(ref random);
        double[] deviates = new double[3 * Pairs];
        foreach (ref double deviate in deviates.AsSpan())
            deviate = random.Next();
        // All pairs of a query have the same D.
        for (int pair = 0; ofQuery && pair < Pairs; pair++)
            deviates[3 * pair + (int)Product.RowSum] = shared;
        moved.Gold(values, (product, pair, value) => deviates[3 * pair + (int)product] * moved.Error(product, pair, value));
    }

    private void Gold(Span<double> values, Func<Product, int, double, double> error)
    {
        var scores = new CompensatedSums(headDim);
        var outputs = new CompensatedSums(valueDim);
        for (int pair = 0; pair < Pairs; pair++)
        {
            double score = CompensatedSum.Dot(Q(pair), K(pair)) * Scale;
            double gradP = CompensatedSum.Dot(GradO(pair), V(pair)), rowSum = CompensatedSum.Dot(GradO(pair), O(pair));
            double weight = Math.Exp(score - Lse(pair) + error(Product.Score, pair, score));
            double gradient = weight * (gradP - rowSum + error(Product.GradP, pair, gradP) - error(Product.RowSum, pair, rowSum));
            scores.AddScaled(gradient, ofQuery ? K(pair) : Q(pair));
            if (!ofQuery)
                outputs.AddScaled(weight, GradO(pair));
        }
        scores.CopyTo(values[..headDim]);
        foreach (ref double value in values[..headDim])
            value *= Scale;
        if (!ofQuery)
            outputs.CopyTo(values[headDim..]);
    }

    // Standard deviation of the rounding of a sum in float32; see RoundingNoise.
    private double Error(Product product, int pair, double value)
    {
        ReadOnlySpan<float> a = product == Product.Score ? Q(pair) : GradO(pair);
        double[] left = new double[a.Length];
        for (int c = 0; c < left.Length; c++)
            left[c] = a[c];
        double variance = RoundingNoise.Dot(left, product switch { Product.Score => K(pair), Product.GradP => V(pair), _ => O(pair) }).Variance;
        if (product == Product.Score)
            variance = (double)Scale * Scale * variance + RoundingNoise.ScoreRoundings * value * value + RoundingNoise.ExponentialRoundings;
        return RoundingNoise.ExpectedErrors * RoundingNoise.Rounding * Math.Sqrt(variance);
    }

    private GradientRow MovedInputs(ref SeededNormal seeded)
    {
        SeededNormal random = seeded;
        float[] Move(float[] numbers)
        {
            float[] moved = new float[numbers.Length];
            for (int i = 0; i < moved.Length; i++)
                moved[i] = random.NextIndex(2) == 0 ? float.BitIncrement(numbers[i]) : float.BitDecrement(numbers[i]);
            return moved;
        }

        var moved = new GradientRow(headDim, valueDim, Scale, ofQuery, Move(q), Move(k), Move(v), Move(o), Move(gradO), Move(lse));
        seeded = random;
        return moved;
    }

    private static float[] Row(Inputs inputs, string operand, int headIndex, int token, int channels) =>
        inputs.Head(operand, headIndex).Slice(token * channels, channels).ToArray();

    /// <summary>The sums over channels of a pair.</summary>
    private enum Product
    {
        Score,
        GradP,
        RowSum,
    }
}
