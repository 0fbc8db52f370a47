using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Kernels.Primitives;

/// <summary>A block of arguments, small enough for L1, with exact and computed results; one for each thread.</summary>
internal sealed class ExpErrorBlock
{
    public const int Length = 512;

    private const long ExponentBits = 0x7FF0_0000_0000_0000;
    private const double FloatUlpOfOne = 1.0 / (1 << 23);

    private readonly double[] errors = new double[Length], scaled = new double[Length];

    public float[] Arguments { get; } = new float[Length];

    public float[] Results { get; } = new float[Length];

    public double[] WideArguments { get; } = new double[Length];

    public double[] Exact { get; } = new double[Length];

    public ExpErrorMaxima Maxima { get; } = new();

    public void Fill(FloatRange range, long block, int stride)
    {
        range.Fill(block, stride, Arguments);
        TensorPrimitives.ConvertTruncating<float, double>(Arguments, WideArguments);
    }

    public void Judge()
    {
        TensorPrimitives.ConvertTruncating<float, double>(Results, errors);
        TensorPrimitives.Subtract(errors, Exact, errors);
        TensorPrimitives.Abs<double>(errors, errors);
        Maxima.Values += Length;
        Maxima.Absolute = Math.Max(Maxima.Absolute, TensorPrimitives.Max<double>(errors));
        TensorPrimitives.Divide(errors, Exact, scaled);
        if (Exceeds(Maxima.Relative) is { } relative)
            (Maxima.Relative, Maxima.RelativeAt) = (scaled[relative], Arguments[relative]);
        // Without its mantissa a float64 is the power of two at or below it.
        TensorPrimitives.BitwiseAnd(
            MemoryMarshal.Cast<double, long>(Exact), ExponentBits, MemoryMarshal.Cast<double, long>(scaled.AsSpan()));
        TensorPrimitives.Multiply(scaled, FloatUlpOfOne, scaled);
        TensorPrimitives.Divide(errors, scaled, scaled);
        if (Exceeds(Maxima.Ulp) is { } ulp)
            (Maxima.Ulp, Maxima.UlpAt) = (scaled[ulp], Arguments[ulp]);
    }

    /// <summary>Index of the largest scaled error when it exceeds the previous maximum; NaN counts as the largest.</summary>
    private int? Exceeds(double seen) =>
        TensorPrimitives.Max<double>(scaled) <= seen ? null : TensorPrimitives.IndexOfMax<double>(scaled);
}
