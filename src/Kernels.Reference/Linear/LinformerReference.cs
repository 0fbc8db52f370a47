using System.Numerics.Tensors;
using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// Linformer: its projection entry by entry, and softmax attention on the projected rows. Plain float32 sums the projection in order and in
/// 8 lanes.
/// </summary>
/// <param name="operation">The operation.</param>
public sealed class LinformerReference(LinformerAttention operation) : HeadReference(operation)
{
    /// <inheritdoc/>
    public override IReadOnlyList<WrongKernel> WrongKernels() =>
    [
        new(new OtherOperation(
            "linformer-other-seed", "keys and values projected with another seed", operation,
            new LinformerReference(new(operation.Length, operation.Seed + 1))), FailureKind.Inaccurate),
    ];

    /// <inheritdoc/>
    protected override void Gold(
        AttentionProblem problem, int head, ReadOnlySpan<int> queries, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v,
        Span<double> output)
    {
        int d = problem.HeadDim, valueDim = problem.ValueDim;
        double[][] keys = Project(problem.Keys, k, d), values = Project(problem.Keys, v, valueDim);
        double[] weights = new double[operation.Length];
        for (int row = 0; row < queries.Length; row++)
        {
            ReadOnlySpan<float> qRow = q.Slice(queries[row] * d, d);
            for (int i = 0; i < weights.Length; i++)
                weights[i] = problem.Scale * Dot(qRow, keys[i]);
            double max = weights.Aggregate(Math.Max);
            var sum = new CompensatedSum();
            foreach (ref double weight in weights.AsSpan())
                sum.Add(weight = Math.Exp(weight - max));
            for (int c = 0; c < valueDim; c++)
            {
                var channel = new CompensatedSum();
                for (int i = 0; i < weights.Length; i++)
                    channel.Add(weights[i] * values[i][c]);
                output[row * valueDim + c] = channel.Value / sum.Value;
            }
        }
    }

    /// <summary>E·rows, [length][headDim]. The sums are in float64, with a relative error of at most 10⁻¹⁰ for a million terms.</summary>
    private double[][] Project(int keys, ReadOnlySpan<float> rows, int headDim)
    {
        double[][] projected = [.. Enumerable.Range(0, operation.Length).Select(_ => new double[headDim])];
        double[] row = new double[headDim];
        double entry = operation.Entry;
        ulong signs = 0;
        for (int key = 0; key < keys; key++)
        {
            for (int c = 0; c < headDim; c++)
                row[c] = rows[key * headDim + c];
            for (int i = 0; i < projected.Length; i++)
            {
                (int word, int bit) = Math.DivRem(i, LinformerAttention.WordRows);
                if (bit == 0)
                    signs = operation.Signs(key, word);
                DoubleRow.AddScaled(row, (signs >> bit & 1) != 0 ? -entry : entry, projected[i]);
            }
        }
        return projected;
    }

    private static double Dot(ReadOnlySpan<float> a, double[] b)
    {
        var sum = new CompensatedSum();
        for (int c = 0; c < b.Length; c++)
            sum.Add(a[c] * b[c]);
        return sum.Value;
    }

    /// <inheritdoc/>
    protected override float[][] Plain(Inputs inputs, int headIndex, int[] queries)
    {
        var problem = (AttentionProblem)inputs.Problem;
        int valueDim = problem.ValueDim;
        float[][] ways = new float[Ways][];
        float[] keys = [], values = [];
        for (int way = 0; way < ways.Length; way++)
        {
            // Variants with the same order of sums share a projection.
            if (way == 0 || PlainFloat.LanesOf(way) != PlainFloat.LanesOf(way - 1))
            {
                keys = Project(inputs.HeadK(headIndex), problem.HeadDim, PlainFloat.LanesOf(way));
                values = Project(inputs.HeadV(headIndex), valueDim, PlainFloat.LanesOf(way));
            }
            ways[way] = new float[queries.Length * valueDim];
            for (int row = 0; row < queries.Length; row++)
            {
                AttentionRow projected = Projected(inputs, headIndex, queries[row], keys, values);
                PlainSoftmax.Row(projected, null, values, way, Element.Float32, ways[way].AsSpan(row * valueDim, valueDim));
            }
        }
        return ways;
    }

    /// <inheritdoc/>
    /// <remarks>The expected variance of the softmax over projected keys.</remarks>
    protected override void AddVariance(Inputs inputs, int headIndex, int[] queries, ReadOnlySpan<double> gold, Span<double> variance)
    {
        var problem = (AttentionProblem)inputs.Problem;
        int valueDim = problem.ValueDim;
        float[] keys = Project(inputs.HeadK(headIndex), problem.HeadDim, lanes: 1), values = Project(inputs.HeadV(headIndex), valueDim, lanes: 1);
        double[] own = new double[valueDim];
        for (int row = 0; row < queries.Length; row++)
        {
            Array.Clear(own);
            AttentionRow projected = Projected(inputs, headIndex, queries[row], keys, values);
            SoftmaxNoise.AddVariance(projected, null, values, gold.Slice(row * valueDim, valueDim), hasLse: false, Element.Float32, own);
            for (int c = 0; c < valueDim; c++)
                variance[row * valueDim + c] += RoundingNoise.ExpectedErrors * RoundingNoise.ExpectedErrors * own[c];
        }
    }

    private static AttentionRow Projected(Inputs inputs, int headIndex, int query, float[] keys, float[] values)
    {
        var problem = (AttentionProblem)inputs.Problem;
        return new()
        {
            Q = inputs.HeadQ(headIndex).Slice(query * problem.HeadDim, problem.HeadDim),
            K = keys,
            V = values,
            Scale = problem.Scale,
        };
    }

    /// <summary>E·rows, [length, headDim] in float32, from <paramref name="lanes"/> partial sums.</summary>
    private float[] Project(ReadOnlySpan<float> rows, int headDim, int lanes)
    {
        float[] projected = new float[operation.Length * headDim], sums = new float[lanes * headDim];
        ulong[] signs = new ulong[rows.Length / headDim];
        for (int i = 0; i < operation.Length; i++)
        {
            (int word, int bit) = Math.DivRem(i, LinformerAttention.WordRows);
            for (int key = 0; bit == 0 && key < signs.Length; key++)
                signs[key] = operation.Signs(key, word);
            Array.Clear(sums);
            for (int key = 0; key < signs.Length; key++)
            {
                float sign = (signs[key] >> bit & 1) != 0 ? -1 : 1;
                Span<float> sum = sums.AsSpan(key % lanes * headDim, headDim);
                TensorPrimitives.MultiplyAdd(rows.Slice(key * headDim, headDim), sign, sum, sum);
            }
            for (int j = 0; j < sums.Length; j++)
                projected[i * headDim + j % headDim] += sums[j];
        }
        foreach (ref float number in projected.AsSpan())
            number *= (float)operation.Entry;
        return projected;
    }
}
