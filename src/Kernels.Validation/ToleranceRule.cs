using Kernels.Abstractions;

namespace Kernels.Validation;

/// <summary>
/// How far each head of an output may be from gold: max|x − gold| ≤ limit · (max|plain − gold| + ε · max|gold|) and
/// NMSE(x) ≤ 4 · NMSE(plain) + (2ε)², where plain is float32 computed by common ways. Outputs shrink and errors grow
/// with the length of a sequence in ways that depend on the inputs; plain float32 goes through the same, so the rule is as strict everywhere.
/// </summary>
public static class ToleranceRule
{
    /// <summary>ε: the distance from 1 to the next float32, 2⁻²³.</summary>
    public const double Epsilon = 1.0 / (1 << 23);

    /// <summary>The share of the limit from which a passing output is worth a warning.</summary>
    public const double WarnShare = 0.5;

    /// <summary>2; or 3 for a kernel that declares an approximation, with its reason.</summary>
    public static double Limit(KernelInfo kernel) => kernel.Approximation is null ? 2 : 3;

    /// <summary>The error that a limit of 1 would allow.</summary>
    public static double Allowance(double baseMaxError, double goldMax) => baseMaxError + Epsilon * goldMax;

    /// <summary>The largest normalised mean square error.</summary>
    public static double NmseLimit(double baseNmse) => 4 * baseNmse + 4 * Epsilon * Epsilon;
}
