using System.Numerics.Tensors;
using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>The gradients of one kv head and its query heads in plain float32, pair by pair; see <see cref="LinearGradients"/>.</summary>
internal sealed class PlainLinearGradients
{
    private readonly AttentionProblem problem;
    private readonly int firstHead, lanes;
    private readonly float[] queries, keys, v, gradO, sums, rowSums, factors;

    /// <param name="operation">The operation.</param>
    /// <param name="inputs">Of all heads.</param>
    /// <param name="kvIndex">The kv head, counted through all batches.</param>
    /// <param name="lanes">Partial sums, see <see cref="PlainFloat"/>.</param>
    public PlainLinearGradients(LinearBackward operation, Inputs inputs, int kvIndex, int lanes)
    {
        problem = (AttentionProblem)inputs.Problem;
        this.lanes = lanes;
        int group = problem.Heads / problem.KvHeads, rows = group * problem.Queries;
        firstHead = kvIndex % problem.KvHeads * group;
        float[] Numbers(string name, int length) => inputs[name].Slice(kvIndex * length, length).ToArray();
        (queries, keys) = (Numbers("q", rows * problem.HeadDim), Numbers("k", problem.Keys * problem.HeadDim));
        (v, gradO) = (Numbers("v", problem.Keys * problem.ValueDim), Numbers("do", rows * problem.ValueDim));
        (sums, rowSums) = (new float[rows], new float[rows]);
        Array.Fill(sums, 1);
        factors = operation is RetentionBackward retention ? PowersOf(retention.Forward.Decay(kvIndex % problem.KvHeads)) : [];
        if (operation is LinearEluBackward)
        {
            (queries, keys) = (LinearEluReference.Features(queries), LinearEluReference.Features(keys));
            Normalise(Numbers("o", rows * problem.ValueDim));
        }
    }

    /// <summary>Whether φ(x) = elu(x) + 1 and weights are divided by their sum.</summary>
    public bool IsNormalised => factors.Length == 0;

    /// <summary>Queries of all heads.</summary>
    public int Rows => sums.Length;

    /// <summary>φ(q) of a query of one of the heads.</summary>
    public ReadOnlySpan<float> Q(int row) => Row(queries, row, problem.HeadDim);

    /// <summary>φ(k).</summary>
    public ReadOnlySpan<float> K(int key) => Row(keys, key, problem.HeadDim);

    /// <summary>[valueDim].</summary>
    public ReadOnlySpan<float> V(int key) => Row(v, key, problem.ValueDim);

    /// <summary>[valueDim].</summary>
    public ReadOnlySpan<float> GradO(int row) => Row(gradO, row, problem.ValueDim);

    /// <summary>z; 1 where weights are not divided.</summary>
    public float Sum(int row) => sums[row];

    /// <summary>D; 0 where weights are not divided.</summary>
    public float RowSum(int row) => rowSums[row];

    /// <summary>dq of a query, [headDim].</summary>
    /// <param name="row">Its number among those of the query heads.</param>
    /// <param name="apart">Whether dO·v and D are multiplied by the weight apart.</param>
    /// <param name="values">The gradient.</param>
    public void Query(int row, bool apart, Span<float> values)
    {
        (int head, int query) = Math.DivRem(row, problem.Queries);
        float[] total = new float[lanes * values.Length];
        int pair = 0;
        foreach (int key in VisibleKeys.Of(problem, firstHead + head, query))
            Add(K(key), Gradient(row, key, apart), total.AsSpan(pair++ % lanes * values.Length, values.Length));
        Join(total, values);
        Slope(Q(row), values);
    }

    /// <summary>dk [headDim] and dv [valueDim] of a key.</summary>
    public void Key(int key, bool apart, Span<float> values)
    {
        int d = problem.HeadDim, group = problem.Heads / problem.KvHeads, pair = 0;
        float[] total = new float[lanes * values.Length];
        foreach ((int head, int query) in GradientRow.Seeing(problem, firstHead / group, key))
        {
            int row = (head - firstHead) * problem.Queries + query;
            Span<float> lane = total.AsSpan(pair++ % lanes * values.Length, values.Length);
            Add(Q(row), Gradient(row, key, apart), lane[..d]);
            Add(GradO(row), PlainFloat.Dot(Q(row), K(key), lanes) * Factor(row, key) / Sum(row), lane[d..]);
        }
        Join(total, values);
        Slope(K(key), values[..d]);
    }

    /// <summary>values ∘ φ′ of the row's own x, from its features.</summary>
    public void Slope(ReadOnlySpan<float> features, Span<float> values)
    {
        for (int c = 0; IsNormalised && c < values.Length; c++)
            values[c] *= Math.Min(1, features[c]);
    }

    private float[] PowersOf(double decay) => [.. Enumerable.Range(0, problem.Keys).Select(n => (float)Math.Pow(decay, n) * problem.Scale)];

    private static ReadOnlySpan<float> Row(float[] rows, int row, int channels) => rows.AsSpan(row * channels, channels);

    private static void Add(ReadOnlySpan<float> source, float factor, Span<float> total) => TensorPrimitives.MultiplyAdd(source, factor, total, total);

    private static void Join(float[] lanes, Span<float> values)
    {
        for (int i = 0; i < lanes.Length; i++)
            values[i % values.Length] += lanes[i];
    }

    private float Factor(int row, int key) => IsNormalised ? 1 : factors[problem.VisibleKeys(row % problem.Queries).End - 1 - key];

    private float Gradient(int row, int key, bool apart)
    {
        float product = PlainFloat.Dot(GradO(row), V(key), lanes), share = Factor(row, key) / Sum(row);
        return apart ? share * product - share * RowSum(row) : share * (product - RowSum(row));
    }

    /// <summary>z = φ(q)·Σφ(k) and D = dO·o of every row.</summary>
    private void Normalise(float[] o)
    {
        int d = problem.HeadDim, rowSumLanes = PlainFloat.LanesOf(lanes == 1 ? 1 : 0);
        float[] total = [], joined = new float[d];
        var summed = new KeyRange(0, 0);
        for (int row = 0; row < sums.Length; row++)
        {
            (int head, int query) = Math.DivRem(row, problem.Queries);
            KeyRange visible = problem.VisibleKeys(query);
            bool goesOn = problem.Mask.IsContiguous && !summed.IsEmpty && visible.Begin == summed.Begin && visible.End >= summed.End;
            total = goesOn ? total : new float[lanes * d];
            int from = goesOn ? summed.End : visible.Begin, pair = 0;
            IEnumerable<int> added = problem.Mask.IsContiguous
                ? Enumerable.Range(from, Math.Max(0, visible.End - from))
                : VisibleKeys.Of(problem, firstHead + head, query);
            foreach (int key in added)
                Add(K(key), 1, total.AsSpan((problem.Mask.IsContiguous ? key : pair++) % lanes * d, d));
            summed = visible;
            Array.Clear(joined);
            Join(total, joined);
            sums[row] = PlainFloat.Dot(Q(row), joined, lanes);
            // In another order than dO·v: summed alike, they would cancel exactly where o is a value.
            rowSums[row] = PlainFloat.Dot(GradO(row), Row(o, row, problem.ValueDim), rowSumLanes);
        }
    }
}
