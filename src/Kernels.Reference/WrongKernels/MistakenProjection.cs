using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>The gradients of a projection with a mistake.</summary>
internal sealed class MistakenProjection(BackwardMistake mistake, ProjectionBackward operation, LayerArithmetic arithmetic, LayerProblem problem, LayerNumbers numbers)
    : ProjectionBackwardFormula(operation, arithmetic, problem, numbers)
{
    protected override bool Counts(int row, string name) => WrongBackward.Counts(mistake, Problem, row, name);

    protected override float[] Transposed(string matrix, int width) =>
        mistake == BackwardMistake.NotTransposed ? Numbers[matrix].ToArray() : base.Transposed(matrix, width);

    protected override double[] Gradient(string name, int head, int token)
    {
        // What lies there in memory when the rows are those of dyᵀ·x.
        if (mistake == BackwardMistake.GradientTransposed && name == "dw")
            return [.. Enumerable.Range(token * Problem.Hidden, Problem.Hidden).Select(place => base.Gradient(name, head, place % Problem.Width)[place / Problem.Width])];
        double[] row = base.Gradient(name, head, token);
        for (int c = 0; mistake == BackwardMistake.Averaged && name != "dx" && c < row.Length; c++)
            row[c] /= RowCount;
        return row;
    }
}
