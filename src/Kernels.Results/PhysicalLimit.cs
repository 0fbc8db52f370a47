using Kernels.Abstractions;

namespace Kernels.Results;

/// <summary>
/// What no kernel can exceed: the ceilings that were measured in the same run. A share above 1 is marked, and above
/// <see cref="MostShare"/> there is no figure, where the count is of operations and bytes that every algorithm needs.
/// </summary>
public static class PhysicalLimit
{
    /// <summary>The largest share that is shown; ceilings are measured within a few percent.</summary>
    public const double MostShare = 1.05;

    /// <summary>Follows a share above 1.</summary>
    public const string Mark = "!";

    /// <summary>What the mark means.</summary>
    public const string Meaning = "!: more than the measured ceiling";

    /// <summary>Whether a share is marked.</summary>
    public static bool IsMarked(double? share) => share > 1;

    /// <summary>
    /// The share of the multiply-add peak that cannot exceed 1. Softmax attention and top-k need every operation that is counted. Operations
    /// with a state are counted in one form, and another form of a short problem needs fewer: there it is the share of the operations
    /// that the kernel executes. Other formats have peaks of their own.
    /// </summary>
    /// <param name="operation">Name of the operation.</param>
    /// <param name="isFloat32">Whether operands and products are float32.</param>
    /// <param name="exact">Share by exact operations.</param>
    /// <param name="executed">Share by executed operations.</param>
    public static double? Bounded(string operation, bool isFloat32, double? exact, double? executed) =>
        !isFloat32 ? null
        : operation.StartsWith("softmax", StringComparison.Ordinal) || operation.StartsWith("top-", StringComparison.Ordinal) ? exact
        : executed;

    /// <summary>Why a share of the multiply-add peak is impossible; null when it is not.</summary>
    public static string? WhyNot(double? share) => share > MostShare
        ? $"{100 * share:0} % of the multiply-add peak: " + Doubt
        : null;

    /// <summary>Why the rates of a case are impossible; null when they are not.</summary>
    /// <param name="result">With its shares.</param>
    /// <param name="kernel">Its kernel.</param>
    /// <param name="run">With ceilings and machine.</param>
    public static string? WhyNot(CaseResult result, KernelResult? kernel, RunResults run) =>
        WhyNot(Bounded(result, kernel)) ?? WhyNot(result.Device?.CeilingShare) ?? WhyTooManyBytes(result, kernel, run);

    /// <summary>The share of the multiply-add peak of a case that cannot exceed 1; null where there is none.</summary>
    public static double? Bounded(CaseResult result, KernelResult? kernel) => Bounded(
        kernel?.Operation ?? Operations.Softmax.Name, kernel is null or { Products: null, Format: "float32" }, result.CeilingShare, result.ExecutedShare);

    private const string Doubt =
        "more than this machine can do, so either the work was not done or the machine was disturbed while the ceiling was measured; no figure is shown";

    // Where part of the bytes stays in a nearer cache the rate exceeds that of their level, but never that of the nearest.
    private static string? WhyTooManyBytes(CaseResult result, KernelResult? kernel, RunResults run)
    {
        double? fastest = run.Ceilings?.ReadBandwidths.Where(read => read.Threads == result.Threads).Max(read => (double?)read.GigabytesPerSecond);
        bool knowsCaches = run.Machine.CacheBytes.TryGetValue("L1", out long l1) && run.Machine.CacheBytes.ContainsKey("L2");
        return kernel is not { Device: not null } && knowsCaches && result.NecessaryBytes > l1 * result.Threads
            && result.GigabytesPerSecond > MostShare * fastest
            ? $"{result.GigabytesPerSecond:0} GB/s, beside {fastest:0} GB/s from the nearest cache: " + Doubt
            : null;
    }
}
