namespace Kernels.Tests.Cuda.Ptx;

/// <summary>
/// ex2.approx, with .ftz and without. A device's result is known within a bound only, so here it is as wrong as the bound allows, up or down by the bits of the
/// argument: what passes with these errors passes with smaller ones. The CUDA C++ Programming Guide gives exp2f, which is this instruction,
/// 2 units in the last place, 2⁻²² at most.
/// </summary>
internal static class ApproximateExp2
{
    private static readonly double error = Math.ScaleB(1, -22);

    private static readonly float leastNormal = MathF.ScaleB(1, -126);

    // Knuth's multiplicative hash: neighbouring arguments get unrelated signs.
    private const uint Hash = 2654435769;

    /// <summary>2ˣ, for .ftz with 0 in place of numbers too small to have all their bits.</summary>
    public static float Flushed(float x, uint bits)
    {
        float result = Of(x, bits);
        return result < leastNormal ? 0 : result;
    }

    /// <summary>2ˣ.</summary>
    public static float Of(float x, uint bits)
    {
        // The manual gives 2⁰ = 1, 2^−∞ = 0 and 2^∞ = ∞ without error.
        double exact = Math.Pow(2, x);
        double signed = x == 0 ? 0 : bits * Hash >> 31 == 0 ? error : -error;
        return (float)(exact * (1 + signed));
    }
}
