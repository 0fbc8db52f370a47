namespace Kernels.Validation;

/// <summary>How far plain float32 is from gold in one output, without non-finite numbers.</summary>
/// <param name="OfHeads">The largest error of each head, at least the expected error.</param>
/// <param name="Squares">Σ error² of the output, of the variant where it is largest.</param>
/// <param name="IsNaN">Of each row, whether every variant gives NaN, for example because all features underflow.</param>
internal sealed record PlainErrors(double[] OfHeads, double Squares, bool[] IsNaN)
{
    /// <summary>Of all rows of an output.</summary>
    public static PlainErrors Of(ReferenceRows rows, ReferenceRow[] computed)
    {
        double[] ofHeads = new double[rows.Heads], squares = new double[computed[0].PlainSquares.Length];
        int row = 0;
        for (int head = 0; head < rows.Heads; head++)
        {
            for (int end = row + rows.OfHead(head).Length; row < end; row++)
            {
                ofHeads[head] = Math.Max(ofHeads[head], computed[row].PlainError);
                for (int way = 0; way < squares.Length; way++)
                    squares[way] += computed[row].PlainSquares[way];
            }
        }
        return new(ofHeads, squares.Max(), [.. computed.Select(each => each.PlainIsNaN)]);
    }
}
