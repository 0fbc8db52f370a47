using Kernels.Abstractions;

namespace Kernels.Validation;

/// <summary>Expectation of one output.</summary>
public sealed class OutputExpectation
{
    private readonly double[] gold;
    private readonly int[] firstRow;
    private readonly double[] headAllowance;
    private readonly bool[] plainIsNaN;

    internal OutputExpectation(int place, Operand operand, ReferenceRows rows, double[] gold, ReferenceRow[] computed)
    {
        Place = place;
        Operand = operand;
        Rows = rows;
        this.gold = gold;
        headAllowance = new double[rows.Heads];
        firstRow = new int[rows.Heads];
        plainIsNaN = [.. computed.Select(row => row.PlainIsNaN)];
        double[] errorSquares = new double[computed[0].PlainSquares.Length];
        int row = 0;
        for (int head = 0; head < rows.Heads; head++)
        {
            firstRow[head] = row;
            double plainError = 0, goldMax = 0;
            for (int end = row + rows.OfHead(head).Length; row < end; row++)
            {
                plainError = Math.Max(plainError, computed[row].PlainError);
                goldMax = Math.Max(goldMax, computed[row].GoldMax);
                GoldSquares += computed[row].GoldSquares;
                for (int way = 0; way < errorSquares.Length; way++)
                    errorSquares[way] += computed[row].PlainSquares[way];
            }
            headAllowance[head] = ToleranceRule.Allowance(plainError, goldMax);
        }
        PlainNmse = GoldSquares > 0 ? errorSquares.Max() / GoldSquares : 0;
    }

    /// <summary>Place of the output among the operands.</summary>
    public int Place { get; }

    /// <summary>The output, in head-major order.</summary>
    public Operand Operand { get; }

    /// <summary>The rows that were computed.</summary>
    public ReferenceRows Rows { get; }

    /// <summary>Normalised mean square error of plain float32, the maximum of its variants.</summary>
    public double PlainNmse { get; }

    /// <summary>Σ gold² over the computed rows, finite numbers only.</summary>
    internal double GoldSquares { get; }

    /// <summary>Gold of the row with this number among <see cref="Rows"/> of the head.</summary>
    public ReadOnlySpan<double> Gold(int headIndex, int row) =>
        gold.AsSpan((firstRow[headIndex] + row) * Operand.Layout.Channels, Operand.Layout.Channels);

    /// <summary>Whether every variant of plain float32 gives only NaN in a row, for example because all features underflow.</summary>
    public bool PlainIsNaN(int headIndex, int row) => plainIsNaN[firstRow[headIndex] + row];

    /// <summary>The error of a head that a limit of 1 allows.</summary>
    public double Allowance(int headIndex) => headAllowance[headIndex];
}
