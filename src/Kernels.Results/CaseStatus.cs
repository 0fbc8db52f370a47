namespace Kernels.Results;

/// <summary>What became of a case. Only <see cref="Measured"/> has times.</summary>
public enum CaseStatus
{
    /// <summary>Right before and after the timing.</summary>
    Measured,

    /// <summary>The kernel or the machine cannot run it; the reason says why.</summary>
    Unsupported,

    /// <summary>The gate rejected the kernel, or what was timed was wrong; no number is shown.</summary>
    Wrong,

    /// <summary>The kernel or the measurement threw.</summary>
    Failed,

    /// <summary>It ran longer than its budget allowed.</summary>
    Timeout,

    /// <summary>Not started, because its predicted time exceeds the budget; the reason has the prediction.</summary>
    Skipped,
}
