using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary><see cref="ProjectionBackward"/>: dx = dy·Wᵀ, dW = xᵀ·dy, db = Σ dy.</summary>
internal class ProjectionBackwardFormula(LayerArithmetic arithmetic, LayerProblem problem, LayerNumbers numbers)
    : MatrixGradientFormula(arithmetic, problem, numbers)
{
    /// <summary>Groups of the outputs, before that of the bias.</summary>
    protected const int OfRows = 0, OfMatrix = 1;

    private double[]? transposed, gradients;

    private double[] Gradients => gradients ??= LayerNumbers.Widen(Numbers["dy"]);

    /// <inheritdoc/>
    protected override double[] Output(int group, int batch, int token) => group switch
    {
        OfRows => Multiply(Numbers.Row("dy", batch, Problem.Queries, token, Problem.Hidden), transposed ??= Transposed("w", Problem.Hidden), Problem.Width),
        OfMatrix => OfWeights(Column(LayerNumbers.Widen(Numbers["x"]), token, Problem.Width), Gradients, Problem.Hidden),
        _ => OfBias(Gradients, Problem.Hidden),
    };
}
