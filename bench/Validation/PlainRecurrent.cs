using System.Numerics.Tensors;
using Kernels.Abstractions;

namespace Kernels.Bench.Validation;

/// <summary>
/// Linear attention in plain float32 by its recurrence, φ(q)·S / φ(q)·z with S = Σ φ(k)vᵀ and z = Σ φ(k). It sums over channels last, and
/// so loses other digits than the quadratic form: where all channels are alike, d times the rounding of one sum. Katharopoulos et al.
/// 2020, equations 18 to 20.
/// </summary>
internal static class PlainRecurrent
{
    /// <summary>Whether each query sees all the keys that the one before it saw, and the first keys always.</summary>
    public static bool Takes(AttentionProblem problem) => problem.Mask is FullMask or CausalMask;

    /// <summary>All output rows of one head, [queries, headDim]; heads are counted through all batches.</summary>
    public static float[] Head(AttentionInputs inputs, int headIndex)
    {
        AttentionProblem problem = inputs.Problem;
        int d = problem.HeadDim;
        float[] q = PlainFloat.Features(inputs.HeadQ(headIndex)), k = PlainFloat.Features(inputs.HeadK(headIndex));
        ReadOnlySpan<float> v = inputs.HeadV(headIndex);
        float[] output = new float[q.Length], state = new float[d * d], sum = new float[d];
        int seen = 0;
        for (int query = 0; query < problem.Queries; query++)
        {
            for (int end = problem.VisibleKeys(query).End; seen < end; seen++)
                Add(k.AsSpan(seen * d, d), v.Slice(seen * d, d), state, sum);
            if (seen > 0)
                Read(q.AsSpan(query * d, d), state, sum, output.AsSpan(query * d, d));
        }
        return output;
    }

    private static void Add(ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> state, Span<float> sum)
    {
        for (int channel = 0; channel < k.Length; channel++)
        {
            sum[channel] += k[channel];
            Span<float> row = state.Slice(channel * v.Length, v.Length);
            TensorPrimitives.MultiplyAdd(v, k[channel], row, row);
        }
    }

    private static void Read(ReadOnlySpan<float> q, ReadOnlySpan<float> state, ReadOnlySpan<float> sum, Span<float> output)
    {
        float total = 0;
        for (int channel = 0; channel < q.Length; channel++)
        {
            total += q[channel] * sum[channel];
            TensorPrimitives.MultiplyAdd(state.Slice(channel * output.Length, output.Length), q[channel], output, output);
        }
        foreach (ref float number in output)
            number /= total;
    }
}
