using Kernels.Abstractions;

namespace Kernels.Layers.Backward;

/// <summary>
/// <see cref="FeedForwardBackward"/> as a textbook writes it, in loops over single numbers. An item is a row of dx with what is between the products, then a
/// row of the gradient of a matrix, then all biases.
/// </summary>
/// <param name="operation">The kind of network.</param>
public sealed unsafe class NaiveFeedForwardBackward(FeedForwardBackward operation) : Kernel
{
    // Places behind x.
    private const int W1 = 1, W3 = 3;

    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new($"layers-naive-{operation.Name}", "each number by itself, in the order of the formula", operation);

    private int W2 => operation.GradY - 1;

    // The gradients of the inputs before dy follow each other as these do.
    private int GradientOf(int place) => operation.GradY + 1 + place;

    /// <inheritdoc/>
    protected override Plan PlanFor(Problem problem)
    {
        var sizes = (LayerProblem)problem;
        int rows = sizes.Batch * sizes.Queries;
        return new(rows, sizes.Hidden, sizes.Width, 1) { SharedBytes = sizeof(float) * (operation.IsGated ? 3L : 2L) * rows * sizes.Hidden };
    }

    /// <inheritdoc/>
    protected override void Compute(in Call call, int stage, int item)
    {
        var problem = (LayerProblem)call.Problem;
        int rows = problem.Batch * problem.Queries, width = problem.Width, hidden = problem.Hidden;
        var first = new NaiveMatrixGradients(rows, width, hidden);
        var second = new NaiveMatrixGradients(rows, hidden, width);
        float* x = Numbers(call, LayerOperation.X), dy = Numbers(call, operation.GradY);
        // [rows, hidden] each: the activated rows, and the gradients of u and v.
        float* a = (float*)call.Shared, du = a + (nint)rows * hidden, dv = du + (nint)rows * hidden;
        switch (stage)
        {
            case 0:
                float* row = x + (nint)item * width;
                for (int c = 0; c < hidden; c++)
                {
                    nint place = (nint)item * hidden + c;
                    float u = Textbook.Number(call, operation.WeightOrder, row, width, W1, hidden, c);
                    float v = operation.IsGated ? Textbook.Number(call, operation.WeightOrder, row, width, W3, hidden, c) : 1;
                    float g = second.Input(dy, Numbers(call, W2), item, c), activated = Textbook.Activate(operation.Activation, u);
                    a[place] = activated * v;
                    du[place] = g * v * Derivative(u);
                    if (operation.IsGated)
                        dv[place] = g * activated;
                }
                for (int c = 0; c < width; c++)
                {
                    Numbers(call, GradientOf(LayerOperation.X))[(nint)item * width + c] = first.Input(du, Numbers(call, W1), item, c)
                        + (operation.IsGated ? first.Input(dv, Numbers(call, W3), item, c) : 0);
                }
                break;
            case 1:
                second.Weight(a, dy, item, Numbers(call, GradientOf(W2)));
                break;
            case 2:
                first.Weight(x, du, item, Numbers(call, GradientOf(W1)));
                if (operation.IsGated)
                    first.Weight(x, dv, item, Numbers(call, GradientOf(W3)));
                break;
            default:
                first.Bias(du, Numbers(call, GradientOf(W1) + 1));
                if (operation.IsGated)
                    first.Bias(dv, Numbers(call, GradientOf(W3) + 1));
                second.Bias(dy, Numbers(call, GradientOf(W2) + 1));
                break;
        }
    }

    private float Derivative(float u)
    {
        if (operation.Activation == Activation.Relu)
            return u <= 0 ? 0 : 1;
        if (!operation.IsGated)
            return GeluDerivative.Of(u);
        float sigmoid = 1 / (1 + MathF.Exp(-u));
        return sigmoid * (1 + u * (1 - sigmoid));
    }

    private static float* Numbers(in Call call, int place) => (float*)call[place].Start;
}
