using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// Gradients of pieces of layers row by row, in any arithmetic, and those of a product with a matrix, which most are made of. Wrong kernels override one part.
/// </summary>
internal abstract class LayerBackwardFormula(LayerBackward operation, LayerArithmetic arithmetic, LayerProblem problem, LayerNumbers numbers)
    : LayerFormula(arithmetic, problem, numbers)
{
    private readonly string[] names = [.. operation.Operands((Problem)problem, Format.Float32).Select(operand => operand.Name)];
    private readonly Dictionary<string, float[]> transposed = [];

    /// <inheritdoc/>
    public override void Compute(RowBlock rows, Span<double> values)
    {
        int width = values.Length / rows.Tokens.Length;
        string gradient = names[operation.OutputGroups[rows.Group][0]];
        for (int i = 0; i < rows.Tokens.Length; i++)
            Gradient(gradient, rows.HeadIndex, rows.Tokens[i]).CopyTo(values.Slice(i * width, width));
    }

    /// <summary>A row of an output.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="head">The head of the output, counted through all batches.</param>
    /// <param name="token">The row.</param>
    protected abstract double[] Gradient(string name, int head, int token);

    /// <summary>Rows of all sequences.</summary>
    protected int RowCount => Problem.Batch * Problem.Queries;

    /// <summary>Whether a row of all sequences is part of the sum that is a gradient.</summary>
    /// <param name="row">The row.</param>
    /// <param name="name">Name of the gradient.</param>
    protected virtual bool Counts(int row, string name) => true;

    /// <summary>gradient·Wᵀ.</summary>
    /// <param name="gradient">[out].</param>
    /// <param name="matrix">Name of W, [in, out].</param>
    /// <returns>[in].</returns>
    protected double[] TimesTransposed(double[] gradient, string matrix)
    {
        if (!transposed.TryGetValue(matrix, out float[]? w))
            transposed.Add(matrix, w = Transposed(matrix, gradient.Length));
        double[] result = new double[w.Length / gradient.Length];
        Arithmetic.Multiply(gradient, w, result);
        return result;
    }

    /// <summary>A matrix of weights [in, width] as [width, in].</summary>
    protected virtual float[] Transposed(string matrix, int width)
    {
        ReadOnlySpan<float> w = Numbers[matrix];
        float[] turned = new float[w.Length];
        int depth = w.Length / width;
        for (int i = 0; i < w.Length; i++)
            turned[i % width * depth + i / width] = w[i];
        return turned;
    }

    /// <summary>A row of the gradient of a matrix: Σ over rows of x · gradient.</summary>
    /// <param name="name">Name of the gradient.</param>
    /// <param name="column">The column of x, [rows].</param>
    /// <param name="gradients">[rows, width].</param>
    protected double[] OfMatrix(string name, double[] column, double[] gradients)
    {
        double[] counted = [.. column.Select((number, row) => Counts(row, name) ? number : 0)], sums = new double[gradients.Length / RowCount];
        Arithmetic.Mix(counted, gradients, sums);
        return sums;
    }

    /// <summary>The gradient of a bias: Σ gradient.</summary>
    /// <param name="name">Name of the gradient.</param>
    /// <param name="gradients">[rows, width].</param>
    protected double[] OfBias(string name, double[] gradients)
    {
        double[] ones = new double[RowCount];
        Array.Fill(ones, 1);
        return OfMatrix(name, ones, gradients);
    }

    /// <summary>A column of rows of all sequences, [rows, width].</summary>
    protected double[] Column(double[] rows, int column)
    {
        int width = rows.Length / RowCount;
        return [.. Enumerable.Range(0, RowCount).Select(row => rows[row * width + column])];
    }

    /// <summary>All numbers of an input.</summary>
    protected double[] All(string input) => LayerNumbers.Widen(Numbers[input]);

    /// <summary>A row of all sequences of an input.</summary>
    protected double[] RowOf(string input, int row)
    {
        ReadOnlySpan<float> all = Numbers[input];
        int width = all.Length / RowCount;
        return LayerNumbers.Widen(all.Slice(row * width, width));
    }
}
