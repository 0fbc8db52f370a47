using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary><see cref="AdditiveAttention"/>. Projected rows of the encoder are computed once for all queries of a block.</summary>
internal class AdditiveFormula(LayerArithmetic arithmetic, LayerProblem problem, LayerNumbers numbers) : AlignmentFormula(arithmetic, problem, numbers)
{
    /// <inheritdoc/>
    public override void Compute(RowBlock rows, Span<double> values)
    {
        int batch = rows.HeadIndex, width = Problem.Width;
        double[][] encoder = [.. Enumerable.Range(0, Problem.Keys).Select(key => Row("c", batch, key))];
        double[][] keys = [.. encoder.Select(row => Multiply(row, "wk", Problem.Hidden))];
        double[] flat = [.. encoder.SelectMany(row => row)];
        for (int i = 0; i < rows.Tokens.Length; i++)
            Attend(batch, rows.Tokens[i], keys, flat).CopyTo(values.Slice(i * width, width));
    }

    /// <summary>The output of a query.</summary>
    /// <param name="batch">The sequence.</param>
    /// <param name="query">The query.</param>
    /// <param name="keys">Projected rows of the encoder.</param>
    /// <param name="rows">The rows themselves, one after the other.</param>
    protected virtual double[] Attend(int batch, int query, double[][] keys, double[] rows) => Weighted(Scores(batch, query, keys), rows, Problem.Width);

    /// <summary>The scores of a query.</summary>
    protected double[] Scores(int batch, int query, double[][] keys) => Additive(Project(Row("x", batch, query), "wq", "b"), keys, keys.Length);
}
