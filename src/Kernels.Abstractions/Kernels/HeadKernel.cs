namespace Kernels.Abstractions;

/// <summary>A kernel that computes one head in float32; this class loops over batch, heads and kv groups.</summary>
public abstract class HeadKernel : AttentionKernel
{
    /// <summary>Floats of scratch that one head needs. Above 2³¹−1 the problem is too large for this kernel.</summary>
    protected virtual long ScratchLength(AttentionProblem problem) => 0;

    /// <summary>Why the kernel cannot compute <paramref name="problem"/> on a suitable machine; null when it can.</summary>
    protected virtual string? Refuses(AttentionProblem problem) => null;

    /// <summary>Computes one head of one sequence.</summary>
    /// <param name="problem">Shapes, mask and scale of the whole problem.</param>
    /// <param name="q">[queries, headDim].</param>
    /// <param name="k">[keys, headDim].</param>
    /// <param name="v">[keys, valueDim]; valueDim is headDim unless the kernel <see cref="AttentionKernel.Takes"/> other widths.</param>
    /// <param name="output">[queries, valueDim]; every element must be written.</param>
    /// <param name="scratch"><see cref="ScratchLength"/> floats, with arbitrary contents.</param>
    protected abstract void ComputeHead(
        AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v,
        Span<float> output, Span<float> scratch);

    /// <inheritdoc/>
    protected sealed override Plan PlanFor(AttentionProblem problem) =>
        FloatScratch.Plan(Refuses(problem), problem.Batch * problem.Heads, ScratchLength(problem));

    /// <inheritdoc/>
    protected sealed override void Compute(in AttentionCall call, int stage, int item)
    {
        AttentionProblem problem = call.Problem;
        (int batch, int head) = Math.DivRem(item, problem.Heads);
        int kvHead = problem.KvHead(head);
        ComputeHead(
            problem, call.Q.Head<float>(batch, head), call.K.Head<float>(batch, kvHead), call.V.Head<float>(batch, kvHead),
            call.O.Head<float>(batch, head), call.OwnFloats);
    }
}
