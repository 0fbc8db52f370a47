namespace Kernels.Bench.Validation;

/// <summary>What plain float32 loses in one output row. Numbers that are not finite are left out.</summary>
/// <param name="BaseError">Largest |base − gold| of all ways, and not less than the expected error.</param>
/// <param name="GoldMax">Largest |gold|.</param>
/// <param name="GoldSquares">Σ gold².</param>
/// <param name="BaseSquares">Σ (base − gold)², of each way, and last the squares of the expected error.</param>
/// <param name="BaseIsNaN">Whether every way gives NaN: float32 cannot compute the row, for example because all features underflow.</param>
internal sealed record ReferenceRow(double BaseError, double GoldMax, double GoldSquares, double[] BaseSquares, bool BaseIsNaN)
{
    /// <summary>The row of a query that sees nothing.</summary>
    public static ReferenceRow Blind { get; } = new(0, 0, 0, new double[PlainFloat.Ways + 1], BaseIsNaN: false);

    /// <summary>Compares the ways of plain float32, and the expected error, with a row of the oracle.</summary>
    /// <param name="gold">[headDim].</param>
    /// <param name="ways">Each way of plain float32, [rows, headDim].</param>
    /// <param name="expected">Expected error of each number, [rows, headDim].</param>
    /// <param name="row">Which of the rows.</param>
    public static ReferenceRow Of(ReadOnlySpan<double> gold, float[][] ways, double[] expected, int row)
    {
        double baseError = 0, goldMax = 0, goldSquares = 0;
        foreach (double number in gold)
        {
            if (!double.IsFinite(number))
                continue;
            goldMax = Math.Max(goldMax, Math.Abs(number));
            goldSquares += number * number;
        }
        double[] baseSquares = new double[ways.Length + 1];
        void AddError(double error, int way)
        {
            // Where an input is not finite, neither need the error be.
            if (!double.IsFinite(error))
                return;
            baseError = Math.Max(baseError, Math.Abs(error));
            baseSquares[way] += error * error;
        }

        bool baseIsNaN = true;
        for (int c = 0; c < gold.Length; c++)
        {
            int place = row * gold.Length + c;
            for (int way = 0; way < ways.Length; way++)
            {
                baseIsNaN &= float.IsNaN(ways[way][place]);
                AddError(ways[way][place] - gold[c], way);
            }
            AddError(expected[place], ways.Length);
        }
        return new(baseError, goldMax, goldSquares, baseSquares, baseIsNaN);
    }
}
