using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary><see cref="Projection"/>: x·W + b.</summary>
internal class ProjectionFormula(LayerArithmetic arithmetic, LayerProblem problem, LayerNumbers numbers) : LayerFormula(arithmetic, problem, numbers)
{
    /// <inheritdoc/>
    public override void Compute(RowBlock rows, Span<double> values)
    {
        for (int i = 0; i < rows.Tokens.Length; i++)
            Project(Row("x", rows.HeadIndex, rows.Tokens[i]), "w", "b").CopyTo(values.Slice(i * Problem.Hidden, Problem.Hidden));
    }
}
