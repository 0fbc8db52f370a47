namespace Kernels.Tests.Cuda.Ptx;

/// <summary>The formats of 16 bits that tensor cores multiply.</summary>
internal enum HalfFormat
{
    F16,
    BF16,
}

/// <summary>Products of tensor cores, as far as mma and wgmma are the same.</summary>
internal static class TensorCore
{
    /// <summary>Halves that one step of a product sums over.</summary>
    public const int Depth = 16;

    /// <summary>The number of some bits.</summary>
    public static double Number(HalfFormat format, ushort bits) =>
        format == HalfFormat.F16 ? Bits.Half(bits) : Bits.Brain(bits);

    /// <summary>
    /// A sum and 16 products. The manual leaves order and rounding of the sums open; here products and their sum are exact (to float64) and
    /// the result is cut off to float, which is as inaccurate as devices have been seen to be (Fasi, Higham, Mikaitis &amp; Pranesh 2021).
    /// </summary>
    public static float Sum(ReadOnlySpan<double> left, ReadOnlySpan<double> right, float start)
    {
        double sum = start;
        for (int k = 0; k < Depth; k++)
            sum += left[k] * right[k];
        return CutOff(sum);
    }

    private static float CutOff(double x)
    {
        float rounded = (float)x;
        return Math.Abs((double)rounded) <= Math.Abs(x) || !double.IsFinite(x) ? rounded
            : x > 0 ? MathF.BitDecrement(rounded)
            : MathF.BitIncrement(rounded);
    }
}
