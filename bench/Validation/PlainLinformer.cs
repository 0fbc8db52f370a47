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
        for (int way = 0; way < ways.Length; way++)
        {
            float[] keys = Project(definition, inputs.HeadK(headIndex), d, PlainFloat.LanesOf(way));
            float[] values = Project(definition, inputs.HeadV(headIndex), d, PlainFloat.LanesOf(way));
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
        for (int i = 0; i < definition.Length; i++)
        {
            Array.Clear(sums);
            for (int key = 0; key < rows.Length / headDim; key++)
            {
                float sign = definition.IsNegative(i, key) ? -1 : 1;
                for (int c = 0; c < headDim; c++)
                    sums[key % lanes * headDim + c] += sign * rows[key * headDim + c];
            }
            for (int j = 0; j < sums.Length; j++)
                projected[i * headDim + j % headDim] += sums[j];
        }
        foreach (ref float number in projected.AsSpan())
            number *= (float)definition.Entry;
        return projected;
    }
}
