using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary><see cref="Embedding"/>: a row of the table and what is said of its place.</summary>
internal class EmbeddingFormula(Embedding embedding, LayerArithmetic arithmetic, LayerProblem problem, LayerNumbers numbers)
    : LayerFormula(arithmetic, problem, numbers)
{
    /// <inheritdoc/>
    public override void Compute(RowBlock rows, Span<double> values)
    {
        int width = Problem.Width;
        for (int i = 0; i < rows.Tokens.Length; i++)
        {
            Span<double> output = values.Slice(i * width, width);
            int row = RowOf(rows.HeadIndex, rows.Tokens[i]), position = Position(rows.Tokens[i]);
            for (int c = 0; c < width; c++)
            {
                double number = row < 0 ? double.NaN : Numbers["table"][row * width + c];
                output[c] = embedding.Positions == Positions.None ? number : Arithmetic.Round(number + PositionNumber(position, c));
            }
        }
    }

    /// <summary>The row of the table of a token; −1 when it has none.</summary>
    protected virtual int RowOf(int batch, int token) => Embedding.RowOf(Numbers["ids"][batch * Problem.Queries + token], Problem.Hidden);

    /// <summary>The place of a token in its sequence.</summary>
    protected virtual int Position(int token) => Problem.Keys - Problem.Queries + token;

    /// <summary>What is added to a channel at a place.</summary>
    protected virtual double PositionNumber(int position, int channel)
    {
        if (embedding.Positions == Positions.Learned)
            return Numbers["positions"][position * Problem.Width + channel];
        double angle = position * Math.Pow(Embedding.SinusoidBase, -(channel - channel % 2) / (double)Problem.Width);
        return Arithmetic.Round(channel % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle));
    }
}
