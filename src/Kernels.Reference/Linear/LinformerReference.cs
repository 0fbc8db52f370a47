using System.Numerics;
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
        // With a relative error of at most 10⁻¹⁰ for a million keys.
        double[] keys = Project<double>(k, d, lanes: 1), values = Project<double>(v, valueDim, lanes: 1);
        double[] weights = new double[operation.Length], qRow = new double[d], sums = new double[valueDim];
        for (int row = 0; row < queries.Length; row++)
        {
            TensorPrimitives.ConvertTruncating(q.Slice(queries[row] * d, d), qRow);
            for (int i = 0; i < weights.Length; i++)
                weights[i] = problem.Scale * TensorPrimitives.Dot<double>(qRow, keys.AsSpan(i * d, d));
            TensorPrimitives.Subtract(weights, TensorPrimitives.Max<double>(weights), weights);
            Array.Clear(sums);
            for (int i = 0; i < weights.Length; i++)
                DoubleRow.AddScaled(values.AsSpan(i * valueDim, valueDim), weights[i] = Math.Exp(weights[i]), sums);
            TensorPrimitives.Divide(sums, TensorPrimitives.Sum<double>(weights), output.Slice(row * valueDim, valueDim));
        }
    }

    /// <summary>E·rows, [length, channels], from <paramref name="lanes"/> partial sums over the keys.</summary>
    private T[] Project<T>(ReadOnlySpan<float> rows, int channels, int lanes)
        where T : struct, INumberBase<T>
    {
        int length = operation.Length;
        // A vector holds rows of E, because there are often fewer channels than lanes of a vector.
        T[] sums = new T[lanes * channels * length], signs = new T[length], projected = new T[length * channels];
        for (int key = 0; key < rows.Length / channels; key++)
        {
            FillSigns(key, signs);
            for (int c = 0; c < channels; c++)
            {
                Span<T> sum = sums.AsSpan((key % lanes * channels + c) * length, length);
                TensorPrimitives.MultiplyAdd(signs, T.CreateTruncating(rows[key * channels + c]), sum, sum);
            }
        }
        for (int i = 0; i < sums.Length; i++)
            projected[i % length * channels + i / length % channels] += sums[i];
        TensorPrimitives.Multiply(projected, T.CreateTruncating(operation.Entry), projected);
        return projected;
    }

    private void FillSigns<T>(int key, Span<T> signs)
        where T : struct, INumberBase<T>
    {
        ulong word = 0;
        for (int i = 0; i < signs.Length; i += ByteSigns<T>.Bits, word >>= ByteSigns<T>.Bits)
        {
            if (i % LinformerAttention.WordRows == 0)
                word = operation.Signs(key, i / LinformerAttention.WordRows);
            Span<T> rest = signs[i..];
            ByteSigns<T>.Of((byte)word)[..Math.Min(ByteSigns<T>.Bits, rest.Length)].CopyTo(rest);
        }
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
                keys = Project<float>(inputs.HeadK(headIndex), problem.HeadDim, PlainFloat.LanesOf(way));
                values = Project<float>(inputs.HeadV(headIndex), valueDim, PlainFloat.LanesOf(way));
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
        float[] keys = Project<float>(inputs.HeadK(headIndex), problem.HeadDim, lanes: 1), values = Project<float>(inputs.HeadV(headIndex), valueDim, lanes: 1);
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

    /// <summary>The signs of eight bits, because taking them one by one would cost more than the projection.</summary>
    private static class ByteSigns<T>
        where T : struct, INumberBase<T>
    {
        public const int Bits = 8;

        private static readonly T[] table = [.. Enumerable.Range(0, Bits << Bits).Select(i => (i / Bits >> i % Bits & 1) != 0 ? -T.One : T.One)];

        public static ReadOnlySpan<T> Of(byte bits) => table.AsSpan(bits * Bits, Bits);
    }
}
