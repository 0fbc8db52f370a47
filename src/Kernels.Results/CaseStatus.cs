namespace Kernels.Results;

/// <summary>Outcome of a case. Only <see cref="Measured"/> has times.</summary>
public enum CaseStatus
{
    /// <summary>Passed the checks before and after the timing.</summary>
    Measured,

    /// <summary>The kernel or the machine cannot run it; the reason says why.</summary>
    Unsupported,

    /// <summary>The gate rejected the kernel, or the timed output was wrong; no number is shown.</summary>
    Wrong,

    /// <summary>The kernel or the measurement threw.</summary>
    Failed,

    /// <summary>It ran longer than its budget allowed.</summary>
    Timeout,

    /// <summary>Not started, because its predicted time exceeds the budget; the reason has the prediction.</summary>
    Skipped,
}
