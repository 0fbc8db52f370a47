namespace Kernels.Abstractions;

/// <summary>A kernel that is written for one head; the loops over batch, heads and kv groups are here.</summary>
public abstract class HeadKernel : AttentionKernel
{
    /// <summary>Computes one head of one sequence.</summary>
    /// <param name="problem">Shapes, mask and scale of the whole problem.</param>
    /// <param name="q">[queries, headDim].</param>
    /// <param name="k">[keys, headDim].</param>
    /// <param name="v">[keys, headDim].</param>
    /// <param name="output">[queries, headDim]; every element must be written.</param>
    /// <param name="scratch">As long as <see cref="AttentionKernel.ScratchLength"/> says, with arbitrary contents.</param>
    protected abstract void ComputeHead(
        AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v,
        Span<float> output, Span<float> scratch);

    /// <inheritdoc/>
    protected internal sealed override int WorkItems(AttentionProblem problem) => problem.Batch * problem.Heads;

    /// <inheritdoc/>
    protected internal sealed override void Compute(AttentionProblem problem, in AttentionTensors tensors, int item, Span<float> scratch)
    {
        (int batch, int head) = Math.DivRem(item, problem.Heads);
        ComputeHead(problem, tensors.Q(batch, head), tensors.K(batch, head), tensors.V(batch, head), tensors.Output(batch, head), scratch);
    }
}
