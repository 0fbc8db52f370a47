using System.Numerics.Tensors;
using Kernels.Abstractions;

namespace Kernels.Bench.Validation;

/// <summary>
/// FAVOR+ in plain float32 by its recurrence, products with the directions summed in order, in 8 lanes, and in 8 lanes
/// with queries and keys scaled beforehand. Each feature keeps its sums relative
/// to the largest exponent that it has seen, as an online softmax does; a single maximum for all would lose whole rows to underflow.
/// </summary>
internal static class PlainFavor
{
    public static float[][] Rows(FavorDefinition definition, AttentionInputs inputs, int headIndex, int[] queries) => PlainRows.Together(
        () => Rows(definition, inputs, headIndex, queries, PlainFloat.LanesOf(0), scaleFirst: false),
        () => Rows(definition, inputs, headIndex, queries, PlainFloat.LanesOf(1), scaleFirst: false),
        () => Rows(definition, inputs, headIndex, queries, PlainFloat.LanesOf(1), scaleFirst: true));

    private static float[] Rows(FavorDefinition definition, AttentionInputs inputs, int headIndex, int[] queries, int lanes, bool scaleFirst)
    {
        AttentionProblem problem = inputs.Problem;
        int d = problem.HeadDim, seen = 0;
        float root = MathF.Sqrt(MathF.Abs(problem.Scale));
        float[] q = inputs.HeadQ(headIndex).ToArray(), k = inputs.HeadK(headIndex).ToArray();
        ReadOnlySpan<float> v = inputs.HeadV(headIndex);
        if (scaleFirst)
        {
            TensorPrimitives.Multiply(q, root, q);
            TensorPrimitives.Multiply(k, root, k);
            root = 1;
        }
        float[][] directions = Directions(definition, d);
        float[] output = new float[queries.Length * d], max = new float[definition.Features];
        // The last number of each row is the sum of the feature itself.
        float[][] state = [.. directions.Select(_ => new float[d + 1])];
        Array.Fill(max, float.NegativeInfinity);
        for (int row = 0; row < queries.Length; row++)
        {
            int end = problem.VisibleKeys(queries[row]).End;
            for (; seen < end; seen++)
                Add(k.AsSpan(seen * d, d), v.Slice(seen * d, d), root, lanes, directions, state, max);
            if (end > 0)
                Read(q.AsSpan(queries[row] * d, d), root * MathF.Sign(problem.Scale), lanes, directions, state, max, output.AsSpan(row * d, d));
        }
        return output;
    }

    private static void Add(
        ReadOnlySpan<float> k, ReadOnlySpan<float> v, float root, int lanes, float[][] directions, float[][] state, float[] max)
    {
        float less = root * root * PlainFloat.Dot(k, k, lanes) / 2;
        for (int i = 0; i < state.Length; i++)
        {
            float exponent = root * PlainFloat.Dot(directions[i], k, lanes) - less, newMax = MathF.Max(max[i], exponent);
            float rescale = MathF.Exp(max[i] - newMax), feature = MathF.Exp(exponent - newMax);
            max[i] = newMax;
            Span<float> sums = state[i].AsSpan(0, v.Length);
            TensorPrimitives.Multiply(sums, rescale, sums);
            TensorPrimitives.MultiplyAdd(v, feature, sums, sums);
            state[i][v.Length] = state[i][v.Length] * rescale + feature;
        }
    }

    private static void Read(
        ReadOnlySpan<float> q, float factor, int lanes, float[][] directions, float[][] state, float[] max, Span<float> output)
    {
        float[] features = new float[state.Length];
        float top = float.NegativeInfinity, sum = 0;
        for (int i = 0; i < features.Length; i++)
            top = MathF.Max(top, features[i] = factor * PlainFloat.Dot(directions[i], q, lanes) + max[i]);
        for (int i = 0; i < features.Length; i++)
        {
            float feature = MathF.Exp(features[i] - top);
            sum += feature * state[i][output.Length];
            TensorPrimitives.MultiplyAdd(state[i].AsSpan(0, output.Length), feature, output, output);
        }
        foreach (ref float number in output)
            number /= sum;
    }

    private static float[][] Directions(FavorDefinition definition, int headDim)
    {
        float[] columns = definition.Directions(headDim).ToArray();
        return
        [
            .. Enumerable.Range(0, definition.Features)
                .Select(i => Enumerable.Range(0, headDim).Select(c => columns[c * definition.Features + i]).ToArray()),
        ];
    }
}
