using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>Backward passes of pieces of layers with one mistake each.</summary>
internal static class WrongBackward
{
    private const int Block = 64;

    private enum Mistake
    {
        NotTransposed, GradientTransposed, BiasOfFirstSequence, BiasOfLastRow, MatrixOfLastSequence, LastBlockDropped, Averaged,
    }

    private static readonly (Mistake Mistake, string Name, string What, Func<LayerBackward, bool> Of)[] all =
    [
        (Mistake.NotTransposed, "not-transposed", "multiplies dy with W as it lies in memory", operation => operation is ProjectionBackward),
        (Mistake.GradientTransposed, "gradient-transposed", "writes dyᵀ·x in place of xᵀ·dy", operation => operation is ProjectionBackward),
        (Mistake.BiasOfFirstSequence, "bias-of-first-sequence", "sums the gradient of a bias over the first sequence alone", operation => operation is ProjectionBackward),
        (Mistake.BiasOfLastRow, "bias-of-last-row", "overwrites the gradient of a bias with every row", operation => operation is ProjectionBackward),
        (Mistake.MatrixOfLastSequence, "matrix-of-last-sequence", "overwrites the gradient of a matrix with every sequence", operation => operation is ProjectionBackward),
        (Mistake.LastBlockDropped, "drops-last-block", "forgets the rows after the last whole block of 64 in the gradient of a matrix", operation => operation is ProjectionBackward),
        (Mistake.Averaged, "averaged", "divides sums over rows by their number", operation => operation is ProjectionBackward),
    ];

    /// <summary>Those of an operation.</summary>
    public static IReadOnlyList<WrongKernel> Create(LayerOperation operation) => operation is not LayerBackward backward ? [] :
    [
        .. all.Where(each => each.Of(backward)).Select(each => new WrongKernel(
            new FormulaKernel(each.Name, each.What, operation, (own, arithmetic, problem, numbers) => new MistakenProjection(each.Mistake, arithmetic, problem, numbers)),
            FailureKind.Inaccurate, FailureKind.InaccurateOnAverage)),
    ];

    private static bool Counts(Mistake mistake, LayerProblem problem, int row, bool isBias)
    {
        int rows = problem.Batch * problem.Queries;
        return mistake switch
        {
            Mistake.BiasOfFirstSequence => !isBias || row < problem.Queries,
            Mistake.BiasOfLastRow => !isBias || row == rows - 1,
            Mistake.MatrixOfLastSequence => isBias || row >= rows - problem.Queries,
            Mistake.LastBlockDropped => isBias || rows < Block || row < rows / Block * Block,
            _ => true,
        };
    }

    private sealed class MistakenProjection(Mistake mistake, LayerArithmetic arithmetic, LayerProblem problem, LayerNumbers numbers)
        : ProjectionBackwardFormula(arithmetic, problem, numbers)
    {
        protected override bool Counts(int row, bool isBias) => WrongBackward.Counts(mistake, Problem, row, isBias);

        protected override double[] Transposed(string matrix, int width) =>
            mistake == Mistake.NotTransposed ? LayerNumbers.Widen(Numbers[matrix]) : base.Transposed(matrix, width);

        protected override double[] Output(int group, int batch, int token)
        {
            if (mistake == Mistake.GradientTransposed && group == OfMatrix)
            {
                // What lies there in memory when the rows are those of dyᵀ·x.
                return [.. Enumerable.Range(token * Problem.Hidden, Problem.Hidden).Select(place => base.Output(group, batch, place % Problem.Width)[place / Problem.Width])];
            }
            double[] row = base.Output(group, batch, token);
            for (int c = 0; mistake == Mistake.Averaged && group > OfRows && c < row.Length; c++)
                row[c] /= RowCount;
            return row;
        }
    }
}
