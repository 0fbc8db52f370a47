namespace Kernels.Results;

/// <summary>Result of the gate on kernels that are wrong on purpose.</summary>
/// <param name="Rejected">Wrong kernels rejected for the right reason.</param>
/// <param name="Total">Wrong kernels tried.</param>
/// <param name="WrongKernels">Each of them.</param>
public sealed record ValidatorScore(int Rejected, int Total, IReadOnlyList<WrongKernelResult> WrongKernels)
{
    /// <summary>When the verdicts were given, where an earlier run of the same build gave them; null when this run did.</summary>
    public DateTimeOffset? Kept { get; init; }
}

/// <summary>One wrong kernel.</summary>
/// <param name="Name">Its name, such as <c>wrong-mean-v</c>.</param>
/// <param name="Mistake">What it does wrong.</param>
/// <param name="Expected">The kind of failure that it should be rejected for.</param>
/// <param name="Rejected">Whether it was rejected for that.</param>
/// <param name="Verdict">The gate's first sentence on it; null when it was accepted.</param>
public sealed record WrongKernelResult(string Name, string Mistake, string Expected, bool Rejected, string? Verdict);
