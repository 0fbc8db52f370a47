namespace Kernels.Results;

/// <summary>Output of <c>compare-runs --json</c>, documented in docs/results.md.</summary>
public sealed record RunChanges
{
    /// <summary>Version of the layout.</summary>
    public int SchemaVersion { get; init; } = 1;

    /// <summary>The run that changes are relative to.</summary>
    public required ComparedRun A { get; init; }

    /// <summary>The other run.</summary>
    public required ComparedRun B { get; init; }

    /// <summary>What else changed from A to B, such as the runtime, in words; of two machines, all that differs.</summary>
    public required IReadOnlyList<string> Differences { get; init; }

    /// <summary>Every case that either run measured, the one that became slowest first.</summary>
    public required IReadOnlyList<CaseChange> Changes { get; init; }
}

/// <summary>One of two compared runs.</summary>
/// <param name="Machine">Name of the machine.</param>
/// <param name="Run">How the run was made.</param>
/// <param name="Conditions">Whether its figures can be trusted.</param>
public sealed record ComparedRun(string Machine, RunInfo Run, Conditions Conditions);

/// <summary>One case in two runs: what must be the same for times to be of the same case, and both times.</summary>
public sealed record CaseChange
{
    /// <summary>Catalog name of the kernel.</summary>
    public required string Kernel { get; init; }

    /// <summary>Name of the problem.</summary>
    public required string Problem { get; init; }

    /// <summary>Threads.</summary>
    public required int Threads { get; init; }

    /// <summary>Name of the operation.</summary>
    public required string Operation { get; init; }

    /// <summary>Formats of the operands in memory.</summary>
    public required string Format { get; init; }

    /// <summary>Format of the weights where they multiply v.</summary>
    public required string Products { get; init; }

    /// <summary>Whether the caches were emptied before each call.</summary>
    public required bool Cold { get; init; }

    /// <summary>The family of the inputs; null for normal ones.</summary>
    public string? Inputs { get; init; }

    /// <summary>Whether the times are of the launches alone, by the clock of a device.</summary>
    public required bool DeviceTime { get; init; }

    /// <summary>Its time in A; null where it was not measured.</summary>
    public Timing? A { get; init; }

    /// <summary>Its time in B; null where it was not measured.</summary>
    public Timing? B { get; init; }

    /// <summary>Time in B divided by time in A, above 1 when B is slower, with the least and the most that the intervals of both allow.</summary>
    public MedianInterval? Ratio { get; init; }

    /// <summary>Relative difference below which two times of these runs are the same; null without two times.</summary>
    public double? Noise { get; init; }

    /// <summary>What changed.</summary>
    public required ChangeVerdict Verdict { get; init; }

    /// <summary>The outcome in the run that did not measure it: why, where the run has it without a time.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether A has a time and B tried the case and has none: the kernel is wrong, failed or took too long.</summary>
    public bool Lost { get; init; }
}

/// <summary>What changed from one run to another.</summary>
public enum ChangeVerdict
{
    /// <summary>B takes longer, by more than noise.</summary>
    Slower,

    /// <summary>B takes less time, by more than noise.</summary>
    Faster,

    /// <summary>The difference is within noise.</summary>
    Same,

    /// <summary>B has no time of it.</summary>
    OnlyInA,

    /// <summary>A has no time of it.</summary>
    OnlyInB,
}
