using Kernels.Abstractions;

namespace Kernels.Naive;

/// <summary>Attention exactly as a textbook writes it: scores, softmax with the maximum subtracted, weighted sum, one query at a time.</summary>
public sealed class TripleLoop : HeadKernel
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new("naive-triple-loop", "the textbook's loops, scalar float32", Operations.Softmax)
    {
        Source = "Vaswani et al. 2017, Attention Is All You Need, section 3.2.1",
    };

    /// <inheritdoc/>
    protected override Takes Takes => Takes.ValueDim;

    /// <inheritdoc/>
    protected override long ScratchLength(AttentionProblem problem) => problem.Keys;

    /// <inheritdoc/>
    protected override void ComputeHead(
        AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v,
        Span<float> output, Span<float> scratch)
    {
        int d = problem.HeadDim, valueDim = problem.ValueDim;
        Span<float> weights = scratch[..problem.Keys];
        for (int query = 0; query < problem.Queries; query++)
        {
            KeyRange visible = problem.VisibleKeys(query);
            float max = float.NegativeInfinity;
            for (int key = visible.Begin; key < visible.End; key++)
            {
                float score = 0;
                for (int c = 0; c < d; c++)
                    score += q[query * d + c] * k[key * d + c];
                weights[key] = score * problem.Scale;
                max = MathF.Max(max, weights[key]);
            }

            float sum = 0;
            for (int key = visible.Begin; key < visible.End; key++)
            {
                weights[key] = MathF.Exp(weights[key] - max);
                sum += weights[key];
            }

            for (int c = 0; c < valueDim; c++)
            {
                float value = 0;
                for (int key = visible.Begin; key < visible.End; key++)
                    value += weights[key] * v[key * valueDim + c];
                output[query * valueDim + c] = visible.IsEmpty ? 0 : value / sum;
            }
        }
    }
}
