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

    private GradientRow(AttentionProblem problem, bool ofQuery, float[] q, float[] k, float[] v, float[] o, float[] gradO, float[] lse)
    {
        (headDim, valueDim, Scale, this.ofQuery) = (problem.HeadDim, problem.ValueDim, problem.Scale, ofQuery);
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
            problem, ofQuery: true, row.Q.ToArray(), row.K.ToArray(), row.V.ToArray(), Row(inputs, "o", headIndex, query, problem.ValueDim),
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
            problem, ofQuery: false, [.. q], Row(inputs, "k", kvIndex, key, problem.HeadDim), Row(inputs, "v", kvIndex, key, problem.ValueDim),
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
    public void Gold(Span<double> values)
    {
        var scores = new CompensatedSums(headDim);
        var outputs = new CompensatedSums(valueDim);
        for (int pair = 0; pair < Pairs; pair++)
        {
            double weight = Math.Exp(CompensatedSum.Dot(Q(pair), K(pair)) * Scale - Lse(pair));
            double gradient = weight * (CompensatedSum.Dot(GradO(pair), V(pair)) - CompensatedSum.Dot(GradO(pair), O(pair)));
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

    /// <summary>The same pairs with every number moved by one unit in the last place, up or down at random.</summary>
    public GradientRow Moved(params ReadOnlySpan<int> seed)
    {
        var random = new SeededNormal(seed);
        float[] Move(float[] numbers)
        {
            float[] moved = new float[numbers.Length];
            for (int i = 0; i < moved.Length; i++)
                moved[i] = random.NextIndex(2) == 0 ? float.BitIncrement(numbers[i]) : float.BitDecrement(numbers[i]);
            return moved;
        }

        return new(
            new AttentionProblem(1, 1, 1, 1, 1, headDim, scale: Scale, valueDim: valueDim), ofQuery, Move(q), Move(k), Move(v), Move(o), Move(gradO),
            Move(lse));
    }

    private static float[] Row(Inputs inputs, string operand, int headIndex, int token, int channels) =>
        inputs.Head(operand, headIndex).Slice(token * channels, channels).ToArray();
}
