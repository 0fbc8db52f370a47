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
        int d = problem.HeadDim, position = problem.Keys - problem.Queries + token;
        for (int i = 0; i < d / 2; i++)
        {
            double angle = -position * Math.Pow(operation.Base, -2.0 * i / d);
            float cos = (float)Math.Cos(angle), sin = (float)Math.Sin(angle), a = dy[i], b = dy[i + d / 2];
            dx[i] = a * cos - b * sin;
            dx[i + d / 2] = a * sin + b * cos;
        }
    }
}
