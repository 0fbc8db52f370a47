using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// The gradients of products with matrices, row by row, in any arithmetic. Wrong kernels override one part.
/// </summary>
internal abstract class MatrixGradientFormula(LayerArithmetic arithmetic, LayerProblem problem, LayerNumbers numbers) : LayerFormula(arithmetic, problem, numbers)
{
    /// <inheritdoc/>
    public override void Compute(RowBlock rows, Span<double> values)
    {
        int width = values.Length / rows.Tokens.Length;
        for (int i = 0; i < rows.Tokens.Length; i++)
            Output(rows.Group, rows.HeadIndex, rows.Tokens[i]).CopyTo(values.Slice(i * width, width));
    }

    /// <summary>A row of the output of a group.</summary>
    protected abstract double[] Output(int group, int batch, int token);

    /// <summary>Rows of all sequences.</summary>
    protected int RowCount => Problem.Batch * Problem.Queries;

    /// <summary>Whether a row of all sequences is part of the gradient of a matrix, or of a bias.</summary>
    protected virtual bool Counts(int row, bool isBias) => true;

    /// <summary>x·W.</summary>
    /// <param name="x">[in].</param>
    /// <param name="w">[in, width].</param>
    /// <param name="width">Numbers of the result.</param>
    protected double[] Multiply(double[] x, double[] w, int width)
    {
        double[] y = new double[width];
        Arithmetic.Mix(x, w, y);
        return y;
    }

    /// <summary>A matrix of weights [in, width] as [width, in].</summary>
    protected virtual double[] Transposed(string matrix, int width)
    {
        ReadOnlySpan<float> w = Numbers[matrix];
        double[] transposed = new double[w.Length];
        int depth = w.Length / width;
        for (int i = 0; i < w.Length; i++)
            transposed[i % width * depth + i / width] = w[i];
        return transposed;
    }

    /// <summary>A row of the gradient of a matrix: Σ over rows of x · gradient.</summary>
    /// <param name="column">The column of x, [rows].</param>
    /// <param name="gradients">[rows, width].</param>
    /// <param name="width">Columns of the matrix.</param>
    protected double[] OfWeights(double[] column, double[] gradients, int width) =>
        Multiply([.. column.Select((number, row) => Counts(row, isBias: false) ? number : 0)], gradients, width);

    /// <summary>The gradient of a bias: Σ gradient.</summary>
    protected double[] OfBias(double[] gradients, int width) =>
        Multiply([.. Enumerable.Range(0, RowCount).Select(row => Counts(row, isBias: true) ? 1.0 : 0)], gradients, width);

    /// <summary>A column of [rows, width].</summary>
    protected static double[] Column(double[] rows, int column, int width) => [.. Enumerable.Range(0, rows.Length / width).Select(row => rows[row * width + column])];
}
