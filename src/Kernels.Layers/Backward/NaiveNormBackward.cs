using Kernels.Abstractions;

namespace Kernels.Layers.Backward;

/// <summary><see cref="NormBackward"/> as a textbook writes it, in loops over single numbers. An item is a row of dx, then all of dgain and dbias.</summary>
/// <param name="operation">The kind of norm.</param>
public sealed unsafe class NaiveNormBackward(NormBackward operation) : Kernel
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new($"layers-naive-{operation.Name}", "each number by itself, in the order of the formula", operation);

    /// <inheritdoc/>
    protected override Plan PlanFor(Problem problem)
    {
        var sizes = (LayerProblem)problem;
        return new(sizes.Batch * sizes.Queries, 1);
    }

    /// <inheritdoc/>
    protected override void Compute(in Call call, int stage, int item)
    {
        var problem = (LayerProblem)call.Problem;
        if (stage == 0)
            Row(call, problem.Width, item);
        else
            Sums(call, problem.Width, problem.Batch * problem.Queries);
    }

    private void Row(in Call call, int width, int row)
    {
        float* x = Numbers(call, LayerOperation.X, row, width), dy = Numbers(call, NormBackward.GradY, row, width), gain = Numbers(call, NormBackward.Gain);
        float* dx = Numbers(call, NormBackward.GradX, row, width);
        (float mean, float factor) = Textbook.Norm(x, width, operation.RootMeanSquare, operation.Epsilon);
        float sum = 0, product = 0;
        for (int c = 0; c < width; c++)
        {
            sum += dy[c] * gain[c];
            product += dy[c] * gain[c] * ((x[c] - mean) * factor);
        }
        for (int c = 0; c < width; c++)
            dx[c] = factor * (dy[c] * gain[c] - (operation.RootMeanSquare ? 0 : sum / width) - (x[c] - mean) * factor * (product / width));
    }

    private void Sums(in Call call, int width, int rows)
    {
        float* gain = Numbers(call, NormBackward.GradGain), bias = operation.RootMeanSquare ? null : Numbers(call, NormBackward.GradBias);
        for (int row = 0; row < rows; row++)
        {
            float* x = Numbers(call, LayerOperation.X, row, width), dy = Numbers(call, NormBackward.GradY, row, width);
            (float mean, float factor) = Textbook.Norm(x, width, operation.RootMeanSquare, operation.Epsilon);
            for (int c = 0; c < width; c++)
                gain[c] = (row == 0 ? 0 : gain[c]) + dy[c] * ((x[c] - mean) * factor);
            for (int c = 0; c < width && bias != null; c++)
                bias[c] = (row == 0 ? 0 : bias[c]) + dy[c];
        }
    }

    private static float* Numbers(in Call call, int place, int row = 0, int width = 0) => (float*)call[place].Start + (nint)row * width;
}
