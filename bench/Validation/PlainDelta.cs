using System.Numerics.Tensors;
using Kernels.Abstractions;

namespace Kernels.Bench.Validation;

/// <summary>
/// The delta rule in plain float32: by its recurrence, products summed in order and in 8 lanes; and in chunks of 64 keys (the WY form of Yang et
/// al. 2024, equation 9), where what a key stores is a sum over the chunk that no later rounding damps.
/// </summary>
internal static class PlainDelta
{
    private const int Chunk = 64;

    public static float[][] Rows(AttentionInputs inputs, int headIndex, int[] queries) => PlainRows.Together(
        () => Recurrent(inputs, headIndex, queries, PlainFloat.LanesOf(0)),
        () => Recurrent(inputs, headIndex, queries, PlainFloat.LanesOf(1)),
        () => Chunked(inputs, headIndex, queries));

    private static float[] Recurrent(AttentionInputs inputs, int headIndex, int[] queries, int lanes)
    {
        AttentionProblem problem = inputs.Problem;
        int d = problem.HeadDim, seen = 0;
        ReadOnlySpan<float> v = inputs.HeadV(headIndex);
        // One row a channel of the value, so that products with a key run along rows.
        float[] output = new float[queries.Length * d], state = new float[d * d];
        for (int row = 0; row < queries.Length; row++)
        {
            for (int end = problem.VisibleKeys(queries[row]).End; seen < end; seen++)
            {
                float[] k = Unit(inputs.HeadK(headIndex).Slice(seen * d, d), lanes);
                for (int c = 0; c < d; c++)
                {
                    Span<float> stateRow = state.AsSpan(c * d, d);
                    float change = v[seen * d + c] - PlainFloat.Dot(k, stateRow, lanes);
                    TensorPrimitives.MultiplyAdd(k, change, stateRow, stateRow);
                }
            }
            float[] q = Unit(inputs.HeadQ(headIndex).Slice(queries[row] * d, d), lanes);
            for (int c = 0; c < d; c++)
                output[row * d + c] = PlainFloat.Dot(q, state.AsSpan(c * d, d), lanes);
        }
        return output;
    }

    private static float[] Chunked(AttentionInputs inputs, int headIndex, int[] queries)
    {
        AttentionProblem problem = inputs.Problem;
        int d = problem.HeadDim, begin = 0;
        ReadOnlySpan<float> v = inputs.HeadV(headIndex);
        float[] output = new float[queries.Length * d], state = new float[d * d];
        List<float[]> keys = [], stored = [];
        for (int row = 0; row < queries.Length; row++)
        {
            for (int end = problem.VisibleKeys(queries[row]).End; begin + keys.Count < end;)
            {
                int key = begin + keys.Count;
                float[] k = Reciprocal(inputs.HeadK(headIndex).Slice(key * d, d)), change = v.Slice(key * d, d).ToArray();
                AddRead(k, state, keys, stored, -1, change);
                keys.Add(k);
                stored.Add(change);
                if (keys.Count == Chunk)
                    begin += Absorb(state, keys, stored);
            }
            AddRead(Reciprocal(inputs.HeadQ(headIndex).Slice(queries[row] * d, d)), state, keys, stored, 1, output.AsSpan(row * d, d));
        }
        return output;
    }

    /// <summary>sum += factor·xᵀS, of the state and of the keys of the chunk with what they store.</summary>
    private static void AddRead(float[] x, float[] state, List<float[]> keys, List<float[]> stored, float factor, Span<float> sum)
    {
        int d = x.Length;
        for (int c = 0; c < d; c++)
            sum[c] += factor * PlainFloat.Dot(x, state.AsSpan(c * d, d), lanes: 1);
        for (int j = 0; j < keys.Count; j++)
        {
            float product = factor * PlainFloat.Dot(x, keys[j], lanes: 1);
            TensorPrimitives.MultiplyAdd(stored[j], product, sum, sum);
        }
    }

    private static int Absorb(float[] state, List<float[]> keys, List<float[]> stored)
    {
        int count = keys.Count, d = keys[0].Length;
        float[] sum = new float[d];
        for (int c = 0; c < d; c++)
        {
            Array.Clear(sum);
            for (int j = 0; j < count; j++)
                TensorPrimitives.MultiplyAdd(keys[j], stored[j][c], sum, sum);
            Span<float> row = state.AsSpan(c * d, d);
            TensorPrimitives.Add(row, sum, row);
        }
        keys.Clear();
        stored.Clear();
        return count;
    }

    private static float[] Reciprocal(ReadOnlySpan<float> x)
    {
        float squares = PlainFloat.Dot(x, x, lanes: 1), factor = squares == 0 ? 0 : 1 / MathF.Sqrt(squares);
        float[] unit = x.ToArray();
        foreach (ref float number in unit.AsSpan())
            number *= factor;
        return unit;
    }

    private static float[] Unit(ReadOnlySpan<float> x, int lanes)
    {
        float squares = PlainFloat.Dot(x, x, lanes);
        float[] unit = x.ToArray();
        foreach (ref float number in unit.AsSpan())
            number = squares == 0 ? 0 : number / MathF.Sqrt(squares);
        return unit;
    }
}
