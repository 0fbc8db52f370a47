using System.Numerics;

namespace Kernels.Reference;

/// <summary>A float64 sum that carries its rounding error along (Neumaier 1974), so that its own error is about one rounding.</summary>
internal struct CompensatedSum
{
    private double sum, error;

    public readonly double Value => sum + error;

    public void Add(double term)
    {
        double next = sum + term;
        // A NaN or infinite sum must stay what it is: ∞ − ∞ in the correction would turn infinity into NaN.
        if (double.IsFinite(next))
            error += Math.Abs(sum) >= Math.Abs(term) ? sum - next + term : term - next + sum;
        sum = next;
    }

    /// <summary>a·b. Each product of two float32 numbers is exact in float64; the sums are compensated.</summary>
    public static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        int width = Vector<double>.Count;
        Vector<double> sums = default, errors = default;
        int c = 0;
        for (; Vector.IsHardwareAccelerated && c <= a.Length - 2 * width; c += 2 * width)
        {
            Vector.Widen(new Vector<float>(a[c..]), out Vector<double> aLow, out Vector<double> aHigh);
            Vector.Widen(new Vector<float>(b[c..]), out Vector<double> bLow, out Vector<double> bHigh);
            CompensatedSums.Add(ref sums, ref errors, aLow * bLow);
            CompensatedSums.Add(ref sums, ref errors, aHigh * bHigh);
        }
        var total = new CompensatedSum();
        for (int lane = 0; lane < width; lane++)
        {
            total.Add(sums[lane]);
            if (double.IsFinite(sums[lane]))
                total.Add(errors[lane]);
        }
        for (; c < a.Length; c++)
            total.Add((double)a[c] * b[c]);
        return total.Value;
    }
}
