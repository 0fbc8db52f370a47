using Kernels.Abstractions;

namespace Kernels.Layers.Backward;

/// <summary><see cref="ProjectionBackward"/> as a textbook writes it, in loops over single numbers. An item is a row of dx, then of dW, then all of db.</summary>
public sealed unsafe class NaiveProjectionBackward : Kernel
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } =
        new($"layers-naive-{Operations.ProjectionBackward.Name}", "each number by itself, in the order of the formula", Operations.ProjectionBackward);

    /// <inheritdoc/>
    protected override Plan PlanFor(Problem problem)
    {
        var sizes = (LayerProblem)problem;
        return new(sizes.Batch * sizes.Queries, sizes.Width, 1);
    }

    /// <inheritdoc/>
    protected override void Compute(in Call call, int stage, int item)
    {
        var problem = (LayerProblem)call.Problem;
        float* x = (float*)call[LayerOperation.X].Start, w = (float*)call[ProjectionBackward.W].Start, dy = (float*)call[ProjectionBackward.GradY].Start;
        var matrix = new NaiveMatrixGradients(problem.Batch * problem.Queries, problem.Width, problem.Hidden);
        if (stage == 0)
        {
            float* dx = (float*)call[ProjectionBackward.GradX].Start + (nint)item * problem.Width;
            for (int c = 0; c < problem.Width; c++)
                dx[c] = matrix.Input(dy, w, item, c);
        }
        else if (stage == 1)
            matrix.Weight(x, dy, item, (float*)call[ProjectionBackward.GradW].Start);
        else
            matrix.Bias(dy, (float*)call[ProjectionBackward.GradB].Start);
    }
}
