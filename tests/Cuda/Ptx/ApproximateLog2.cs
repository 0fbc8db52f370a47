namespace Kernels.Tests.Cuda.Ptx;

/// <summary>
/// lg2.approx.ftz, as wrong as the PTX ISA manual allows: from ½ to 2 the absolute error is at most 2⁻²², elsewhere the relative error is. Up or down by the
/// bits of the argument.
/// </summary>
internal static class ApproximateLog2
{
    private static readonly double error = Math.ScaleB(1, -22);

    private static readonly float leastNormal = MathF.ScaleB(1, -126);

    // Knuth's multiplicative hash: neighbouring arguments get unrelated signs.
    private const uint Hash = 2654435769;

    /// <summary>log₂ x; numbers too small to have all their bits count as 0 of their sign.</summary>
    public static float Of(float x, uint bits)
    {
        if (Math.Abs(x) < leastNormal)
            return float.NegativeInfinity;
        double exact = Math.Log2(x);
        double signed = bits * Hash >> 31 == 0 ? error : -error;
        return (float)(x is > 0.5f and < 2 ? exact + signed : exact * (1 + signed));
    }
}
