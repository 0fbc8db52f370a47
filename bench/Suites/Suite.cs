namespace Kernels.Bench.Suites;

/// <summary>What a run measures: problems and threads as data, in the order in which they are measured.</summary>
public sealed record Suite
{
    /// <summary>Name on the command line.</summary>
    public required string Name { get; init; }

    /// <summary>One line for the help.</summary>
    public required string Summary { get; init; }

    /// <summary>Small problems before large ones, so that the time of the large ones can be predicted.</summary>
    public required IReadOnlyList<SuiteEntry> Entries { get; init; }

    /// <summary>How long the samples of a case should take together.</summary>
    public required TimeSpan CaseTime { get; init; }

    /// <summary>A case that is predicted to take longer is skipped, and one that does is ended.</summary>
    public required TimeSpan CaseLimit { get; init; }

    /// <summary>What the whole run may take; null for as long as it needs.</summary>
    public TimeSpan? Budget { get; init; }
}
