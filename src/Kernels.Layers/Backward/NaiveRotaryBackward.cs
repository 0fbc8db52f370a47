using Kernels.Abstractions;

namespace Kernels.Layers.Backward;

/// <summary><see cref="RotaryBackward"/> as a textbook writes it. An item is a row of a head.</summary>
/// <param name="operation">With its base.</param>
public sealed unsafe class NaiveRotaryBackward(RotaryBackward operation) : Kernel
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new($"layers-naive-{operation.Name}", "each pair by itself, in the order of the formula", operation);

    /// <inheritdoc/>
    protected override Plan PlanFor(Problem problem)
    {
        var sizes = (LayerProblem)problem;
        return new(sizes.Batch * sizes.Heads * sizes.Queries);
    }

    /// <inheritdoc/>
    protected override void Compute(in Call call, int stage, int item)
    {
        var problem = (LayerProblem)call.Problem;
        (int head, int token) = Math.DivRem(item, problem.Queries);
        (int batch, int own) = Math.DivRem(head, problem.Heads);
        float* dy = call[0].At<float>(batch, own, token), dx = call[1].At<float>(batch, own, token);
        Textbook.Rotate(dy, dx, problem.HeadDim, problem.Queries - problem.Keys - token, operation.Base);
    }
}
