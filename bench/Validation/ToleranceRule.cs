using Kernels.Abstractions;

namespace Kernels.Bench.Validation;

/// <summary>
/// How far each head of an output may be from the float64 oracle: max|x − gold| ≤ limit · (max|base − gold| + ε · max|gold|) and
/// NMSE(x) ≤ 4 · NMSE(base) + (2ε)², where base is the plain float32 computation of the same definition. Outputs shrink and errors grow
/// with the length of a sequence in ways that depend on the inputs; the base goes through the same, so the rule is as strict everywhere.
/// </summary>
public static class ToleranceRule
{
    /// <summary>ε: the distance from 1 to the next float32, 2⁻²³.</summary>
    public const double Epsilon = 1.0 / (1 << 23);

    /// <summary>The share of the limit from which a passing output is worth a warning.</summary>
    public const double WarnShare = 0.5;

    /// <summary>
    /// The base counts as at least this many times the expected rounding error (<see cref="RoundingNoise"/>), so that a base that is
    /// right by luck does not reject a kernel that is not.
    /// </summary>
    public const double ExpectedErrors = 2;

    /// <summary>2; or 3 for a kernel that declares an approximation, with its reason.</summary>
    public static double Limit(KernelInfo kernel) => kernel.Approximation is null ? 2 : 3;

    /// <summary>The error that a limit of 1 would allow.</summary>
    public static double Allowance(double baseMaxError, double goldMax) => baseMaxError + Epsilon * goldMax;

    /// <summary>The largest normalised mean square error.</summary>
    public static double NmseLimit(double baseNmse) => 4 * baseNmse + 4 * Epsilon * Epsilon;
}
