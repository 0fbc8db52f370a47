using System.Numerics.Tensors;
using Kernels.Abstractions;

namespace Kernels.Bench.Validation;

/// <summary>Retention in plain float32: by its direct form, summed in order and in 8 lanes, and by its recurrence.</summary>
internal static class PlainRetention
{
    public static float[][] Rows(RetentionDefinition definition, AttentionInputs inputs, int headIndex, int[] queries)
    {
        double decay = definition.Decay(inputs.Problem.KvHead(headIndex % inputs.Problem.Heads));
        return PlainRows.Together(
            () => Direct(inputs, headIndex, queries, decay, PlainFloat.LanesOf(0)),
            () => Direct(inputs, headIndex, queries, decay, PlainFloat.LanesOf(1)),
            () => Recurrent(inputs, headIndex, queries, (float)decay));
    }

    private static float[] Direct(AttentionInputs inputs, int headIndex, int[] queries, double decay, int lanes)
    {
        AttentionProblem problem = inputs.Problem;
        int d = problem.HeadDim;
        float[] output = new float[queries.Length * d];
        for (int row = 0; row < queries.Length; row++)
        {
            ReadOnlySpan<float> q = inputs.HeadQ(headIndex).Slice(queries[row] * d, d), k = inputs.HeadK(headIndex), v = inputs.HeadV(headIndex);
            float[] sums = new float[lanes * d];
            int end = problem.VisibleKeys(queries[row]).End;
            double power = Math.Pow(decay, end);
            for (int key = 0; key < end; key++)
            {
                power /= decay;
                float weight = PlainFloat.Dot(q, k.Slice(key * d, d), lanes) * (float)power * problem.Scale;
                Span<float> sum = sums.AsSpan(key % lanes * d, d);
                TensorPrimitives.MultiplyAdd(v.Slice(key * d, d), weight, sum, sum);
            }
            for (int i = 0; i < sums.Length; i++)
                output[row * d + i % d] += sums[i];
        }
        return output;
    }

    private static float[] Recurrent(AttentionInputs inputs, int headIndex, int[] queries, float decay)
    {
        AttentionProblem problem = inputs.Problem;
        int d = problem.HeadDim, seen = 0;
        ReadOnlySpan<float> q = inputs.HeadQ(headIndex), k = inputs.HeadK(headIndex), v = inputs.HeadV(headIndex);
        float[] output = new float[queries.Length * d], state = new float[d * d];
        for (int row = 0; row < queries.Length; row++)
        {
            for (int end = problem.VisibleKeys(queries[row]).End; seen < end; seen++)
                Add(k.Slice(seen * d, d), v.Slice(seen * d, d), decay, state);
            for (int i = 0; i < state.Length; i++)
                output[row * d + i % d] += q[queries[row] * d + i / d] * problem.Scale * state[i];
        }
        return output;
    }

    private static void Add(ReadOnlySpan<float> k, ReadOnlySpan<float> v, float decay, Span<float> state)
    {
        for (int channel = 0; channel < k.Length; channel++)
        {
            Span<float> row = state.Slice(channel * v.Length, v.Length);
            for (int c = 0; c < v.Length; c++)
                row[c] = decay * row[c] + k[channel] * v[c];
        }
    }
}
