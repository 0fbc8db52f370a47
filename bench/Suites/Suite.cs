using Kernels.Reference;

namespace Kernels.Bench.Suites;

/// <summary>The problems and threads of a run, in the order of measurement.</summary>
public sealed record Suite
{
    /// <summary>Name on the command line.</summary>
    public required string Name { get; init; }

    /// <summary>One line for the help.</summary>
    public required string Summary { get; init; }

    /// <summary>
    /// Small problems before large ones, so that the time of the large ones can be predicted; or the most important ones first, where the
    /// time is short and every kernel fast.
    /// </summary>
    public required IReadOnlyList<SuiteEntry> Entries { get; init; }

    /// <summary>Target time of all samples of a case.</summary>
    public required TimeSpan CaseTime { get; init; }

    /// <summary>Longest time of a case: it is skipped when the prediction is longer, and ended when it takes longer.</summary>
    public required TimeSpan CaseLimit { get; init; }

    /// <summary>The family of the inputs.</summary>
    public InputFamily Inputs { get; init; } = InputFamily.Normal;

    /// <summary>Longest time of the run; null for no limit.</summary>
    public TimeSpan? Budget { get; init; }
}
