using Kernels.Abstractions;

namespace Kernels.Results;

/// <summary>Output of <c>compare --json</c>, documented in docs/results.md.</summary>
public sealed record CompareResults
{
    /// <summary>Version of the layout.</summary>
    public int SchemaVersion { get; init; } = 1;

    /// <summary>The command line that repeats the comparison.</summary>
    public required string Command { get; init; }

    /// <summary>Start, UTC.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>Git revision of the sources, with <c>+changes</c> when the tree was not clean; null outside a checkout.</summary>
    public string? GitRevision { get; init; }

    /// <summary>The machine.</summary>
    public required MachineInfo Machine { get; init; }

    /// <summary>Whether the caches were emptied before each call.</summary>
    public required bool Cold { get; init; }

    /// <summary>Whether it was stopped before its end, so that rows are missing.</summary>
    public bool Interrupted { get; init; }

    /// <summary>Each problem with each number of threads.</summary>
    public required IReadOnlyList<CompareRow> Rows { get; init; }

    /// <summary>Whether its figures can be trusted. Computed from the rest, and written for other readers.</summary>
    public Conditions Conditions => Conditions.Of(this);
}

/// <summary>Two kernels, or one, on one problem with one number of threads.</summary>
public sealed record CompareRow
{
    /// <summary>Name of the problem.</summary>
    public required string Problem { get; init; }

    /// <summary>Name of the model that the shape comes from; null for a shape that was spelled out.</summary>
    public string? Shape { get; init; }

    /// <summary>Threads that each of them ran on.</summary>
    public required int Threads { get; init; }

    /// <summary>Outcome of the row; only <see cref="CaseStatus.Measured"/> has numbers.</summary>
    public required CaseStatus Status { get; init; }

    /// <summary>Why it was not measured.</summary>
    public string? Reason { get; init; }

    /// <summary>Rounds measured, of all processes together.</summary>
    public int Rounds { get; init; }

    /// <summary>A, and B where there is one.</summary>
    public IReadOnlyList<ContestantResult> Contestants { get; init; } = [];

    /// <summary>Time of A divided by the time of B: more than 1 when B is faster.</summary>
    public MedianInterval? Ratio { get; init; }

    /// <summary>Time of A divided by time of A in the same round: first by second sample, and alternately second by first.</summary>
    public MedianInterval? SelfRatio { get; init; }

    /// <summary>The larger distance of the ends of <see cref="SelfRatio"/> from 1.</summary>
    public double? NoiseFloor { get; init; }

    /// <summary>Name of the faster one; null when the difference is not significant, or there is only one.</summary>
    public string? Faster { get; init; }

    /// <summary>Multiply-add peak during the rounds, its median.</summary>
    public FmaPeak? Peak { get; init; }

    /// <summary>Read bandwidth during the rounds, its median; null where it does not bound the problem.</summary>
    public ReadBandwidth? Read { get; init; }

    /// <summary>The rows of each process, where several measured.</summary>
    public IReadOnlyList<CompareRow>? Processes { get; init; }
}

/// <summary>One of the compared kernels.</summary>
public sealed record ContestantResult
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Of a peer that reports it: the most threads that it kept busy in this row; null for others.</summary>
    public double? ThreadsBusy { get; init; }

    /// <summary>Nanoseconds of a call.</summary>
    public required MedianInterval Ns { get; init; }

    /// <summary>10⁹ operations a second at the median, counting the operations of visible pairs.</summary>
    public required double ExactGflops { get; init; }

    /// <summary>Exact GFLOP/s divided by the multiply-add peak of the same round.</summary>
    public MedianInterval? PeakShare { get; init; }

    /// <summary>
    /// The same for the operations that the kernel executes (<see cref="Plan.ExecutedFlops"/>); null where it does not state them.
    /// </summary>
    public MedianInterval? ExecutedPeakShare { get; init; }

    /// <summary>
    /// Visible bytes (<see cref="Operation.Bytes"/>) a second divided by the read bandwidth of the same round; null where reading takes
    /// less than half as long as the multiply-adds.
    /// </summary>
    public MedianInterval? ReadShare { get; init; }

    /// <summary>Nanoseconds of a call in each round: for A, the geometric mean of its two samples.</summary>
    public IReadOnlyList<double>? RoundsNs { get; init; }
}
