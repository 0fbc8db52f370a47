using Kernels.Abstractions;
using Kernels.Reference;

namespace Kernels.Tests;

/// <summary>The forward pass of pieces of layers in float64, by the formulas of the layers themselves; inputs of a backward pass are its inputs.</summary>
/// <param name="operation">The backward pass.</param>
/// <param name="inputs">Its inputs.</param>
/// <param name="bias">The last bias, which is no input of the backward pass; zeros when null.</param>
internal sealed class ForwardPieces(LayerBackward operation, Inputs inputs, float[]? bias = null)
    : LayerFormula(new ExactArithmetic(), (LayerProblem)inputs.Problem, new WithBias(inputs, bias))
{
    /// <summary>Σ dy∘y: what the gradients are those of.</summary>
    public double Loss()
    {
        int rows = operation is RotaryBackward ? Problem.Batch * Problem.Heads * Problem.Queries : Problem.Batch * Problem.Queries;
        int width = inputs["dy"].Length / rows;
        double loss = 0;
        for (int row = 0; row < rows; row++)
        {
            double[] y = Row(row);
            ReadOnlySpan<float> dy = inputs["dy"].Slice(row * width, width);
            for (int c = 0; c < y.Length; c++)
                loss += dy[c] * y[c];
        }
        return loss;
    }

    /// <summary>A row of y.</summary>
    public double[] Row(int row)
    {
        if (operation is RotaryBackward rotary)
        {
            // Linear in x, which is no input of the backward pass: dy stands for it.
            double[] head = LayerNumbers.Widen(inputs["dy"].Slice(row * Problem.HeadDim, Problem.HeadDim));
            Rotate(head, Problem.Keys - Problem.Queries + row % Problem.Queries, rotary.Base);
            return head;
        }
        double[] x = LayerNumbers.Widen(inputs["x"].Slice(row * Problem.Width, Problem.Width));
        return operation switch
        {
            NormBackward norm => Norm(x, "gain", "shift", new TransformerLayer { RootMeanSquare = norm.RootMeanSquare, Epsilon = norm.Epsilon }),
            FeedForwardBackward network => FeedForward(x, new TransformerLayer { Activation = network.Activation }),
            _ => Project(x, "w", "b"),
        };
    }

    /// <inheritdoc/>
    public override void Compute(RowBlock rows, Span<double> values) => throw new NotSupportedException();

    private sealed class WithBias(Inputs inputs, float[]? bias) : LayerNumbers
    {
        private readonly LayerProblem problem = (LayerProblem)inputs.Problem;

        public override ReadOnlySpan<float> this[string operand] =>
            operand is "b" or "b2" or "shift" ? bias ?? new float[operand == "b" ? problem.Hidden : problem.Width] : inputs[operand];
    }
}
