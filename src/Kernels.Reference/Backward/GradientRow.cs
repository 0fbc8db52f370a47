using System.Numerics.Tensors;
using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// The pairs of queries and keys on which one row of the gradients depends: one query with the keys that it sees, or one key with the
/// queries of its heads that see it, each as often as it counts. The side with one row has stride 0.
/// </summary>
internal sealed class GradientRow
{
    // The sums over channels of a pair: q·k, dO·v, and dO·o, which is D.
    private const int Score = 0, GradP = 1, RowSum = 2, Products = 3;

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
    public void Gold(Span<double> values) => Gold(values, errors: []);

    /// <summary>Standard deviations of the roundings of the sums over channels in float32, [pairs, products].</summary>
    /// <remarks>Moving the numbers alone does not cover them where all products of a sum have one sign.</remarks>
    public double[] Roundings()
    {
        double[] errors = new double[Products * Pairs], left = new double[headDim], right = new double[valueDim];
        for (int pair = 0; pair < Pairs; pair++)
        {
            Span<double> row = errors.AsSpan(Products * pair, Products);
            if (pair == 0 || !ofQuery)
            {
                TensorPrimitives.ConvertTruncating(Q(pair), left);
                TensorPrimitives.ConvertTruncating(GradO(pair), right);
            }
            OrderedSum score = RoundingNoise.Dot(left, K(pair));
            double scaled = Scale * score.Value;
            row[Score] = Error(Scale * Scale * score.Variance + RoundingNoise.ScoreRoundings * scaled * scaled + RoundingNoise.ExponentialRoundings);
            row[GradP] = Error(RoundingNoise.Dot(right, V(pair)).Variance);
            // All pairs of a query have the same D.
            row[RowSum] = ofQuery && pair > 0 ? errors[RowSum] : Error(RoundingNoise.Dot(right, O(pair)).Variance);
        }
        return errors;
    }

    /// <summary>
    /// The row with every number moved by one unit in the last place, up or down at random, and with roundings of the sums over channels, normally
    /// distributed with the standard deviations of <paramref name="roundings"/>.
    /// </summary>
    public void Moved(Span<double> values, ReadOnlySpan<double> roundings, params ReadOnlySpan<int> seed)
    {
        var random = new SeededNormal(seed);
        double[] errors = roundings.ToArray();
        double shared = random.Next();
        for (int i = 0; i < errors.Length; i++)
            errors[i] *= ofQuery && i % Products == RowSum ? shared : random.Next();
        new GradientRow(
            headDim, valueDim, Scale, ofQuery, UnitSteps.Moved(q, ref random), UnitSteps.Moved(k, ref random), UnitSteps.Moved(v, ref random),
            UnitSteps.Moved(o, ref random), UnitSteps.Moved(gradO, ref random), UnitSteps.Moved(lse, ref random)).Gold(values, errors);
    }

    private void Gold(Span<double> values, ReadOnlySpan<double> errors)
    {
        var scores = new CompensatedSums(headDim);
        var outputs = new CompensatedSums(valueDim);
        double rowSum = 0;
        for (int pair = 0; pair < Pairs; pair++)
        {
            ReadOnlySpan<double> error = errors.IsEmpty ? [0, 0, 0] : errors.Slice(Products * pair, Products);
            double score = CompensatedSum.Dot(Q(pair), K(pair)) * Scale, gradP = CompensatedSum.Dot(GradO(pair), V(pair));
            rowSum = ofQuery && pair > 0 ? rowSum : CompensatedSum.Dot(GradO(pair), O(pair));
            double weight = Math.Exp(score - Lse(pair) + error[Score]);
            double gradient = weight * (gradP - rowSum + error[GradP] - error[RowSum]);
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

    private static double Error(double variance) => RoundingNoise.ExpectedErrors * RoundingNoise.Rounding * Math.Sqrt(variance);

    private static float[] Row(Inputs inputs, string operand, int headIndex, int token, int channels) =>
        inputs.Head(operand, headIndex).Slice(token * channels, channels).ToArray();
}
