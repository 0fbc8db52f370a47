using System.Buffers;
using System.Numerics.Tensors;
using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// The pairs of queries and keys on which one row of the gradients depends: one query with the keys that it sees, or one key with the
/// queries of its heads that see it, each as often as it counts. The side with one row has stride 0.
/// </summary>
internal sealed class GradientRow : IDisposable
{
    // What is rounded of a pair: the sums over channels q·k, dO·v, and dO·o, which is D; then P and dS where they are multiplied.
    private const int Score = 0, GradP = 1, RowSum = 2, Weight = 3, Gradient = 4, Rounded = 5;

    private readonly int headDim, valueDim;
    private readonly bool ofQuery;

    // Longer than the rows that they hold, and reused: a gate makes millions of rows.
    private readonly float[] q, k, v, o, gradO, lse;

    private GradientRow(int headDim, int valueDim, float scale, bool ofQuery, int pairs)
    {
        (this.headDim, this.valueDim, Scale, this.ofQuery, Pairs) = (headDim, valueDim, scale, ofQuery, pairs);
        float[] Rent(int rows, int channels) => ArrayPool<float>.Shared.Rent(rows * channels);
        (q, k, v) = (Rent(Queries, headDim), Rent(Keys, headDim), Rent(Keys, valueDim));
        (o, gradO, lse) = (Rent(Queries, valueDim), Rent(Queries, valueDim), Rent(Queries, 1));
    }

    /// <summary>Number of pairs.</summary>
    public int Pairs { get; }

    /// <summary>Factor of the scores.</summary>
    public float Scale { get; }

    /// <summary>A query of a head with the keys that it sees; heads are counted through all batches.</summary>
    public static GradientRow OfQuery(Inputs inputs, int headIndex, int query)
    {
        var problem = (AttentionProblem)inputs.Problem;
        AttentionRow keys = AttentionRow.Of(inputs, headIndex, query);
        var row = new GradientRow(problem.HeadDim, problem.ValueDim, problem.Scale, ofQuery: true, keys.Keys);
        row.CopyQuery(inputs, 0, headIndex, query);
        keys.K.CopyTo(row.k);
        keys.V.CopyTo(row.v);
        return row;
    }

    /// <summary>A key of a kv head with the queries that see it; kv heads are counted through all batches.</summary>
    public static GradientRow OfKey(Inputs inputs, int kvIndex, int key)
    {
        var problem = (AttentionProblem)inputs.Problem;
        (int HeadIndex, int Query)[] pairs = [.. Seeing(problem, kvIndex, key)];
        var row = new GradientRow(problem.HeadDim, problem.ValueDim, problem.Scale, ofQuery: false, pairs.Length);
        for (int pair = 0; pair < pairs.Length; pair++)
            row.CopyQuery(inputs, pair, pairs[pair].HeadIndex, pairs[pair].Query);
        inputs.Head("k", kvIndex).Slice(key * problem.HeadDim, problem.HeadDim).CopyTo(row.k);
        inputs.Head("v", kvIndex).Slice(key * problem.ValueDim, problem.ValueDim).CopyTo(row.v);
        return row;
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        foreach (float[] rented in (float[][])[q, k, v, o, gradO, lse])
            ArrayPool<float>.Shared.Return(rented);
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

    /// <summary>
    /// Standard deviations of the roundings of the sums over channels in float32, and of P and dS to the format in which they are multiplied, [pairs, rounded].
    /// </summary>
    /// <remarks>Moving the numbers alone does not cover them where all products of a sum have one sign.</remarks>
    public double[] Roundings(Element products)
    {
        double[] errors = new double[Rounded * Pairs], left = new double[headDim], right = new double[valueDim];
        OrderedSum rowSum = default;
        for (int pair = 0; pair < Pairs; pair++)
        {
            Span<double> row = errors.AsSpan(Rounded * pair, Rounded);
            if (pair == 0 || !ofQuery)
            {
                TensorPrimitives.ConvertTruncating(Q(pair), left);
                TensorPrimitives.ConvertTruncating(GradO(pair), right);
            }
            OrderedSum score = RoundingNoise.Dot(left, K(pair));
            double scaled = Scale * score.Value;
            row[Score] = Error(Scale * Scale * score.Variance + RoundingNoise.ScoreRoundings * scaled * scaled + RoundingNoise.ExponentialRoundings);
            OrderedSum gradP = RoundingNoise.Dot(right, V(pair));
            row[GradP] = Error(gradP.Variance);
            // All pairs of a query have the same D.
            if (pair == 0 || !ofQuery)
                rowSum = RoundingNoise.Dot(right, O(pair));
            row[RowSum] = Error(rowSum.Variance);
            double weight = Math.Exp(scaled - Lse(pair));
            row[Weight] = RoundingNoise.ExpectedErrors * RoundingNoise.OfProduct(products, weight);
            row[Gradient] = RoundingNoise.ExpectedErrors * RoundingNoise.OfProduct(products, weight * (gradP.Value - rowSum.Value));
        }
        return errors;
    }

    /// <summary>
    /// The row with every number moved by one unit in the last place, up or down at random, and with the roundings of its pairs, normally
    /// distributed with the standard deviations of <paramref name="roundings"/>.
    /// </summary>
    public void Moved(Span<double> values, ReadOnlySpan<double> roundings, params ReadOnlySpan<int> seed)
    {
        var random = new SeededNormal(seed);
        double[] errors = roundings.ToArray();
        double shared = random.Next();
        for (int i = 0; i < errors.Length; i++)
        {
            // Nothing is rounded to float32 products, whose samples stay those that they are without.
            if (i % Rounded < Weight || errors[i] != 0)
                errors[i] *= ofQuery && i % Rounded == RowSum ? shared : random.Next();
        }
        using var moved = new GradientRow(headDim, valueDim, Scale, ofQuery, Pairs);
        foreach ((float[] source, float[] target, int length) in (ReadOnlySpan<(float[], float[], int)>)
            [
                (q, moved.q, headDim * Queries), (k, moved.k, headDim * Keys), (v, moved.v, valueDim * Keys), (o, moved.o, valueDim * Queries),
                (gradO, moved.gradO, valueDim * Queries), (lse, moved.lse, Queries),
            ])
        {
            source.AsSpan(0, length).CopyTo(target);
            UnitSteps.Move(target.AsSpan(0, length), ref random);
        }
        moved.Gold(values, errors);
    }

    private void Gold(Span<double> values, ReadOnlySpan<double> errors)
    {
        var scores = new CompensatedSums(headDim);
        var outputs = new CompensatedSums(valueDim);
        double rowSum = 0;
        for (int pair = 0; pair < Pairs; pair++)
        {
            ReadOnlySpan<double> error = errors.IsEmpty ? [0, 0, 0, 0, 0] : errors.Slice(Rounded * pair, Rounded);
            double score = CompensatedSum.Dot(Q(pair), K(pair)) * Scale, gradP = CompensatedSum.Dot(GradO(pair), V(pair));
            rowSum = ofQuery && pair > 0 ? rowSum : CompensatedSum.Dot(GradO(pair), O(pair));
            double weight = Math.Exp(score - Lse(pair) + error[Score]);
            double gradient = weight * (gradP - rowSum + error[GradP] - error[RowSum]);
            scores.AddScaled(gradient + error[Gradient], ofQuery ? K(pair) : Q(pair));
            if (!ofQuery)
                outputs.AddScaled(weight + error[Weight], GradO(pair));
        }
        scores.CopyTo(values[..headDim]);
        foreach (ref double value in values[..headDim])
            value *= Scale;
        if (!ofQuery)
            outputs.CopyTo(values[headDim..]);
    }

    private static double Error(double variance) => RoundingNoise.ExpectedErrors * RoundingNoise.Rounding * Math.Sqrt(variance);

    private int Queries => ofQuery ? 1 : Pairs;

    private int Keys => ofQuery ? Pairs : 1;

    private void CopyQuery(Inputs inputs, int place, int headIndex, int query)
    {
        inputs.Head("q", headIndex).Slice(query * headDim, headDim).CopyTo(q.AsSpan(place * headDim));
        inputs.Head("o", headIndex).Slice(query * valueDim, valueDim).CopyTo(o.AsSpan(place * valueDim));
        inputs.Head("do", headIndex).Slice(query * valueDim, valueDim).CopyTo(gradO.AsSpan(place * valueDim));
        lse[place] = inputs.Head("lse", headIndex)[query];
    }
}
