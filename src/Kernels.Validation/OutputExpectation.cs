using Kernels.Abstractions;

namespace Kernels.Validation;

/// <summary>Expectation of one output.</summary>
public sealed class OutputExpectation
{
    private readonly double[] gold;
    private readonly int[] firstRow;
    private readonly double[] headAllowance;

    internal OutputExpectation(int place, Operand operand, ReferenceRows rows, double[] gold, PlainErrors plain)
    {
        Place = place;
        Operand = operand;
        Rows = rows;
        Plain = plain;
        this.gold = gold;
        headAllowance = new double[rows.Heads];
        firstRow = new int[rows.Heads];
        int row = 0;
        for (int head = 0; head < rows.Heads; head++)
        {
            firstRow[head] = row;
            row += rows.OfHead(head).Length;
            double max = 0;
            foreach (double number in gold.AsSpan(firstRow[head] * operand.Layout.Channels, rows.OfHead(head).Length * operand.Layout.Channels))
            {
                if (!double.IsFinite(number))
                    continue;
                max = Math.Max(max, Math.Abs(number));
                GoldSquares += number * number;
            }
            headAllowance[head] = ToleranceRule.Allowance(plain.OfHeads[head], max);
        }
        PlainNmse = GoldSquares > 0 ? plain.Squares / GoldSquares : 0;
    }

    /// <summary>Place of the output among the operands.</summary>
    public int Place { get; }

    /// <summary>The output, in head-major order.</summary>
    public Operand Operand { get; }

    /// <summary>The rows that were computed.</summary>
    public ReferenceRows Rows { get; }

    /// <summary>Normalised mean square error of plain float32, the maximum of its variants.</summary>
    public double PlainNmse { get; }

    /// <summary>The errors of plain float32.</summary>
    internal PlainErrors Plain { get; }

    /// <summary>Σ gold² over the computed rows, finite numbers only.</summary>
    internal double GoldSquares { get; }

    /// <summary>Gold of the row with this number among <see cref="Rows"/> of the head.</summary>
    public ReadOnlySpan<double> Gold(int headIndex, int row) =>
        gold.AsSpan((firstRow[headIndex] + row) * Operand.Layout.Channels, Operand.Layout.Channels);

    /// <summary>Whether every variant of plain float32 gives only NaN in a row, for example because all features underflow.</summary>
    public bool PlainIsNaN(int headIndex, int row) => Plain.IsNaN[firstRow[headIndex] + row];

    /// <summary>The error of a head that a limit of 1 allows.</summary>
    public double Allowance(int headIndex) => headAllowance[headIndex];
}
