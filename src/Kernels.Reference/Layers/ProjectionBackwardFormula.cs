using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary><see cref="ProjectionBackward"/>: dx = dy·Wᵀ, dW = xᵀ·dy, db = Σ dy.</summary>
internal class ProjectionBackwardFormula(ProjectionBackward operation, LayerArithmetic arithmetic, LayerProblem problem, LayerNumbers numbers)
    : LayerBackwardFormula(operation, arithmetic, problem, numbers)
{
    private double[]? rows, gradients;

    /// <inheritdoc/>
    protected override double[] Gradient(string name, int head, int token) => name switch
    {
        "dx" => TimesTransposed(RowOf("dy", head * Problem.Queries + token), "w"),
        "dw" => OfMatrix(name, Column(rows ??= All("x"), token), gradients ??= All("dy")),
        _ => OfBias(name, All("dy")),
    };
}
