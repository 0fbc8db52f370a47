namespace Kernels.Models;

/// <summary>erf(x) = 2/√π ∫₀ˣ exp(−t²) dt in float64. Kernels.Reference has its own, so that neither is checked with itself.</summary>
internal static class ErrorFunction
{
    // Beyond it erf is ±1 in float64.
    private const double End = 6;

    /// <summary>
    /// erf(x), within a few units in the last place: 2/√π · exp(−x²) · Σ 2ⁿ·x²ⁿ⁺¹/(2n+1)!! (Abramowitz and Stegun, 7.1.6).
    /// </summary>
    public static double Of(double x)
    {
        if (Math.Abs(x) >= End)
            return Math.Sign(x);
        double term = x, sum = x;
        for (int n = 1; Math.Abs(term) > Math.Abs(sum) * 1e-17; n++)
        {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }
}
