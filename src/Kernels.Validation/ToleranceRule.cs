using Kernels.Abstractions;

namespace Kernels.Validation;

/// <summary>
/// The tolerance: max|x − gold| ≤ limit · (max|plain − gold| + ε · max|gold|) for each head of an output, and
/// NMSE(x) ≤ 4 · NMSE(plain) + (2ε)² for the output, where plain is plain float32. Outputs and errors depend on sequence length and inputs;
/// plain float32 depends on them alike, so the rule is equally strict everywhere. An output of 16 bits stands for all numbers that are rounded to it, and
/// x is the one nearest to gold: what was computed must obey the rule, and be rounded to nearest.
/// </summary>
public static class ToleranceRule
{
    /// <summary>ε: the distance from 1 to the next float32, 2⁻²³.</summary>
    public const double Epsilon = 1.0 / (1 << 23);

    /// <summary>The share of the limit above which a passing output gets a warning.</summary>
    public const double WarnShare = 0.5;

    /// <summary>2; or 3 for a gradient, and for a kernel that declares an approximation, with its reason.</summary>
    public static double Limit(KernelInfo kernel) => kernel.Approximation is null && !kernel.Operation.IsGradient ? 2 : 3;

    /// <summary>|x − gold| of a finite output in the format in which it is written.</summary>
    public static double Error(Element written, double got, double gold) => Math.Max(0, Math.Abs(got - gold) - Rounding(written, got, gold));

    // Just below a power of two numbers are twice as close as above. Float32 is what kernels compute in.
    private static double Rounding(Element written, double got, double gold) =>
        written == Element.Float32 ? 0 : Math.Min(written.HalfUnit(got), written.HalfUnit(gold));

    /// <summary>The error that a limit of 1 allows.</summary>
    public static double Allowance(double baseMaxError, double goldMax) => baseMaxError + Epsilon * goldMax;

    /// <summary>The largest normalised mean square error.</summary>
    public static double NmseLimit(double baseNmse) => 4 * baseNmse + 4 * Epsilon * Epsilon;
}
