using System.Numerics.Tensors;
using Kernels.Abstractions;

namespace Kernels.Bench.Validation;

/// <summary>Linformer's projection in plain float32, summed in order and in 8 lanes, and softmax attention on what it gives.</summary>
internal static class PlainLinformer
{
    public static float[][] Rows(LinformerDefinition definition, AttentionInputs inputs, int headIndex, int[] queries)
    {
        AttentionProblem problem = inputs.Problem;
        int d = problem.HeadDim;
        float[][] ways = new float[PlainFloat.Ways][];
        float[] keys = [], values = [];
        for (int way = 0; way < ways.Length; way++)
        {
            // Ways that sum alike project alike.
            if (way == 0 || PlainFloat.LanesOf(way) != PlainFloat.LanesOf(way - 1))
            {
                keys = Project(definition, inputs.HeadK(headIndex), d, PlainFloat.LanesOf(way));
                values = Project(definition, inputs.HeadV(headIndex), d, PlainFloat.LanesOf(way));
            }
            ways[way] = new float[queries.Length * d];
            for (int row = 0; row < queries.Length; row++)
            {
                PlainFloat.Softmax(
                    inputs.HeadQ(headIndex).Slice(queries[row] * d, d), keys, values, problem.Scale, way, ways[way].AsSpan(row * d, d));
            }
        }
        return ways;
    }

    /// <summary>E·rows, [length, headDim], from so many partial sums.</summary>
    public static float[] Project(LinformerDefinition definition, ReadOnlySpan<float> rows, int headDim, int lanes)
    {
        float[] projected = new float[definition.Length * headDim], sums = new float[lanes * headDim];
        ulong[] signs = new ulong[rows.Length / headDim];
        for (int i = 0; i < definition.Length; i++)
        {
            (int word, int bit) = Math.DivRem(i, LinformerDefinition.WordRows);
            for (int key = 0; bit == 0 && key < signs.Length; key++)
                signs[key] = definition.Signs(key, word);
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
            number *= (float)definition.Entry;
        return projected;
    }
}
