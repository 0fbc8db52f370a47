using Kernels.Bench.Results;

namespace Kernels.Bench.Measurement.Storage;

/// <summary><c>run.json</c>: everything of a run but its cases, and what is needed to go on with it.</summary>
public sealed record RunHeader
{
    /// <summary>The results with no case in them.</summary>
    public required RunResults Results { get; init; }

    /// <summary>The cases, in order.</summary>
    public required IReadOnlyList<PlannedName> Plan { get; init; }

    /// <summary>Identity of the compiled kernels, so that a run is not continued with others; see <see cref="BuildIdentity"/>.</summary>
    public required string Build { get; init; }

    /// <summary>Seconds that the samples of a case should take.</summary>
    public required double CaseSeconds { get; init; }

    /// <summary>Seconds after which a case is skipped or ended.</summary>
    public required double CaseLimitSeconds { get; init; }
}

/// <summary>A case by name, as <c>run.json</c> keeps it.</summary>
public sealed record PlannedName(string Kernel, string? Shape, string Problem, int Threads)
{
    /// <summary>The name of its file, see <see cref="CaseResult.Key"/>.</summary>
    public string Key() => CaseResult.Key(Kernel, Problem, Threads);
}
