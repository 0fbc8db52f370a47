using System.Numerics.Tensors;
using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// Retention. Gold and two variants of plain float32 are its direct form: a sum over visible keys, each with a power of the decay by its
/// distance. The third variant is its recurrence.
/// </summary>
/// <param name="operation">The operation.</param>
public sealed class RetentionReference(RetentionAttention operation) : HeadReference(operation)
{
    /// <inheritdoc/>
    public override IReadOnlyList<Kernel> Controls => [new ScalarState(operation)];

    /// <inheritdoc/>
    public override IReadOnlyList<WrongKernel> WrongKernels() =>
    [
        new(new ScalarState(operation)
        {
            Name = "no-decay", Mistake = "retention whose state is not decayed",
            Decay = (_, _) => 1,
        }, FailureKind.Inaccurate),
        new(new ScalarState(operation)
        {
            Name = "decay-by-query-head", Mistake = "retention with the decay of the query head instead of the kv head",
            Decay = (_, head) => operation.Decay(head),
        }, FailureKind.Inaccurate),
        new(new OtherOperation(
            "decay-of-next-head", "retention whose heads have the decay of the next one", operation,
            new RetentionReference(new(operation.FirstExponent + 1))), FailureKind.Inaccurate),
    ];

    /// <inheritdoc/>
    protected override void Gold(
        AttentionProblem problem, int head, ReadOnlySpan<int> queries, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v,
        Span<double> output)
    {
        int d = problem.HeadDim, valueDim = problem.ValueDim;
        double decay = operation.Decay(problem.KvHead(head));
        for (int row = 0; row < queries.Length; row++)
        {
            var sums = new CompensatedSums(valueDim);
            double power = problem.Scale;
            for (int key = problem.VisibleKeys(queries[row]).End - 1; key >= 0; key--, power *= decay)
            {
                double product = CompensatedSum.Dot(q.Slice(queries[row] * d, d), k.Slice(key * d, d));
                sums.AddScaled(power * product, v.Slice(key * valueDim, valueDim));
            }
            sums.CopyTo(output.Slice(row * valueDim, valueDim));
        }
    }

    /// <inheritdoc/>
    protected override float[][] Plain(Inputs inputs, int headIndex, int[] queries)
    {
        var problem = (AttentionProblem)inputs.Problem;
        double decay = operation.Decay(problem.KvHead(headIndex % problem.Heads));
        return Together(
            () => Direct(problem, inputs, headIndex, queries, decay, PlainFloat.LanesOf(0)),
            () => Direct(problem, inputs, headIndex, queries, decay, PlainFloat.LanesOf(1)),
            () => Recurrent(problem, inputs, headIndex, queries, (float)decay));
    }

    private static float[] Direct(AttentionProblem problem, Inputs inputs, int headIndex, int[] queries, double decay, int lanes)
    {
        int d = problem.HeadDim, valueDim = problem.ValueDim;
        float[] output = new float[queries.Length * valueDim];
        ReadOnlySpan<float> k = inputs.HeadK(headIndex), v = inputs.HeadV(headIndex);
        for (int row = 0; row < queries.Length; row++)
        {
            ReadOnlySpan<float> q = inputs.HeadQ(headIndex).Slice(queries[row] * d, d);
            float[] sums = new float[lanes * valueDim];
            int end = problem.VisibleKeys(queries[row]).End;
            double power = Math.Pow(decay, end);
            for (int key = 0; key < end; key++)
            {
                power /= decay;
                float weight = PlainFloat.Dot(q, k.Slice(key * d, d), lanes) * (float)power * problem.Scale;
                Span<float> sum = sums.AsSpan(key % lanes * valueDim, valueDim);
                TensorPrimitives.MultiplyAdd(v.Slice(key * valueDim, valueDim), weight, sum, sum);
            }
            for (int i = 0; i < sums.Length; i++)
                output[row * valueDim + i % valueDim] += sums[i];
        }
        return output;
    }

    private static float[] Recurrent(AttentionProblem problem, Inputs inputs, int headIndex, int[] queries, float decay)
    {
        int d = problem.HeadDim, valueDim = problem.ValueDim, seen = 0;
        ReadOnlySpan<float> q = inputs.HeadQ(headIndex), k = inputs.HeadK(headIndex), v = inputs.HeadV(headIndex);
        float[] output = new float[queries.Length * valueDim], state = new float[d * valueDim];
        for (int row = 0; row < queries.Length; row++)
        {
            for (int end = problem.VisibleKeys(queries[row]).End; seen < end; seen++)
                Add(k.Slice(seen * d, d), v.Slice(seen * valueDim, valueDim), decay, state);
            for (int i = 0; i < state.Length; i++)
                output[row * valueDim + i % valueDim] += q[queries[row] * d + i / valueDim] * problem.Scale * state[i];
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
