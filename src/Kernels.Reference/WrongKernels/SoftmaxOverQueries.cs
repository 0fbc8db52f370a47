using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>Normalises the columns of the score matrix instead of its rows.</summary>
internal sealed class SoftmaxOverQueries : HeadKernel
{
    public override KernelInfo Info { get; } =
        new("wrong-softmax-over-queries", "takes the softmax over queries instead of keys", Operations.Softmax);

    protected override long ScratchLength(AttentionProblem problem) => problem.Queries;

    protected override void ComputeHead(
        AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v,
        Span<float> output, Span<float> scratch)
    {
        int d = problem.HeadDim;
        output.Clear();
        for (int key = 0; key < problem.Keys; key++)
        {
            for (int query = 0; query < problem.Queries; query++)
            {
                scratch[query] = problem.VisibleKeys(query).Contains(key)
                    ? problem.Scale * ScalarAttention.PlainDot(q.Slice(query * d, d), k.Slice(key * d, d))
                    : float.NegativeInfinity;
            }
            float max = MathF.Max(ScalarAttention.PlainMax(scratch), float.MinValue), sum = 0;
            foreach (ref float weight in scratch)
                sum += weight = MathF.Exp(weight - max);
            for (int i = 0; i < output.Length && sum > 0; i++)
                output[i] += scratch[i / d] / sum * v[key * d + i % d];
        }
    }
}
