using System.Numerics;

namespace Kernels.Reference;

/// <summary>One compensated sum for each channel of a row, several at a time.</summary>
internal readonly struct CompensatedSums(int channels)
{
    private readonly double[] sums = new double[channels], errors = new double[channels];

    /// <summary>Adds term to sum and the rounding error to error (Knuth's TwoSum, which needs no comparison of magnitudes).</summary>
    public static void Add(ref Vector<double> sum, ref Vector<double> error, Vector<double> term)
    {
        Vector<double> next = sum + term;
        Vector<double> seen = next - sum;
        error += (sum - (next - seen)) + (term - seen);
        sum = next;
    }

    /// <summary>Adds weight·row to the sums.</summary>
    public void AddScaled(double weight, ReadOnlySpan<float> row)
    {
        int width = Vector<double>.Count;
        int c = 0;
        for (; Vector.IsHardwareAccelerated && c <= row.Length - 2 * width; c += 2 * width)
        {
            Vector.Widen(new Vector<float>(row[c..]), out Vector<double> low, out Vector<double> high);
            AddAt(c, weight * low);
            AddAt(c + width, weight * high);
        }
        for (; c < row.Length; c++)
            AddAt(c, weight * row[c]);
    }

    /// <summary>Adds weight·row to the sums.</summary>
    public void AddScaled(double weight, ReadOnlySpan<double> row)
    {
        int width = Vector<double>.Count, c = 0;
        for (; Vector.IsHardwareAccelerated && c <= row.Length - width; c += width)
            AddAt(c, weight * new Vector<double>(row[c..]));
        for (; c < row.Length; c++)
            AddAt(c, weight * row[c]);
    }

    public void CopyTo(Span<double> output)
    {
        // An infinite sum has no meaningful error term.
        for (int c = 0; c < output.Length; c++)
            output[c] = double.IsFinite(sums[c]) ? sums[c] + errors[c] : sums[c];
    }

    private void AddAt(int c, double term)
    {
        double next = sums[c] + term, seen = next - sums[c];
        errors[c] += (sums[c] - (next - seen)) + (term - seen);
        sums[c] = next;
    }

    private void AddAt(int c, Vector<double> term)
    {
        var sum = new Vector<double>(sums, c);
        var error = new Vector<double>(errors, c);
        Add(ref sum, ref error, term);
        sum.CopyTo(sums, c);
        error.CopyTo(errors, c);
    }
}
