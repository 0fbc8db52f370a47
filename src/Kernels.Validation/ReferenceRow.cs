namespace Kernels.Validation;

/// <summary>Errors of plain float32 in one output row, without non-finite numbers.</summary>
/// <param name="PlainError">Largest |plain − gold| of all variants, at least the expected error.</param>
/// <param name="PlainSquares">Σ (plain − gold)² of each variant; last, the squares of the expected error.</param>
/// <param name="PlainIsNaN">Whether every variant gives NaN, for example because all features underflow.</param>
internal sealed record ReferenceRow(double PlainError, double[] PlainSquares, bool PlainIsNaN)
{
    /// <summary>Compares the variants of plain float32, and the expected error, with a row of gold.</summary>
    /// <param name="gold">[channels].</param>
    /// <param name="ways">Each variant of plain float32, rows of all outputs of a group.</param>
    /// <param name="expected">Expected error of each number, likewise.</param>
    /// <param name="begin">Where the row begins in <paramref name="ways"/> and <paramref name="expected"/>.</param>
    public static ReferenceRow Of(ReadOnlySpan<double> gold, float[][] ways, double[] expected, int begin)
    {
        double plainError = 0;
        double[] plainSquares = new double[ways.Length + 1];
        void AddError(double error, int way)
        {
            // With a non-finite input the error may be non-finite.
            if (!double.IsFinite(error))
                return;
            plainError = Math.Max(plainError, Math.Abs(error));
            plainSquares[way] += error * error;
        }

        bool plainIsNaN = true;
        for (int c = 0; c < gold.Length; c++)
        {
            for (int way = 0; way < ways.Length; way++)
            {
                plainIsNaN &= float.IsNaN(ways[way][begin + c]);
                AddError(ways[way][begin + c] - gold[c], way);
            }
            AddError(expected[begin + c], ways.Length);
        }
        return new(plainError, plainSquares, plainIsNaN);
    }
}
