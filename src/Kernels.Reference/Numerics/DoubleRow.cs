using System.Numerics;

namespace Kernels.Reference;

/// <summary>Rows of float64 numbers, for sums that lose so little next to float32 that they need no compensation.</summary>
internal static class DoubleRow
{
    /// <summary>destination += source·factor.</summary>
    public static void AddScaled(ReadOnlySpan<double> source, double factor, Span<double> destination)
    {
        int width = Vector<double>.Count, c = 0;
        for (; Vector.IsHardwareAccelerated && c <= source.Length - width; c += width)
            (new Vector<double>(source[c..]) * factor + new Vector<double>(destination[c..])).CopyTo(destination[c..]);
        for (; c < source.Length; c++)
            destination[c] += source[c] * factor;
    }
}
