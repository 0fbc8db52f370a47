using Kernels.Abstractions;
using Kernels.Measurement.Cases;
using Kernels.Reference;

namespace Kernels.Measurement.Runs;

/// <summary>Request of the user for a run.</summary>
public sealed record RunRequest
{
    /// <summary>Suite name, or <c>custom</c>.</summary>
    public required string Suite { get; init; }

    /// <summary>The command line that repeats the run.</summary>
    public required string Command { get; init; }

    /// <summary>The cases, problem by problem.</summary>
    public required IReadOnlyList<PlannedCase> Plan { get; init; }

    /// <summary>Target time of all samples of a case.</summary>
    public required TimeSpan CaseTime { get; init; }

    /// <summary>Longest time of a case.</summary>
    public required TimeSpan CaseLimit { get; init; }

    /// <summary>Assemblies of the user's own kernels among them.</summary>
    public IReadOnlyList<string> Assemblies { get; init; } = [];

    /// <summary>The folder of the peers among the kernels; null when there are none.</summary>
    public string? Peers { get; init; }

    /// <summary>The requested device; null for the best.</summary>
    public DeviceWish? Device { get; init; }

    /// <summary>Longest time of the run; null for no limit.</summary>
    public TimeSpan? Budget { get; init; }

    /// <summary>Whether the caches are emptied before each call.</summary>
    public bool Cold { get; init; }

    /// <summary>The family of the inputs of its cases.</summary>
    public InputFamily Inputs { get; init; } = InputFamily.Normal;

    /// <summary>Hash of the captured inputs, which the gate has too; null where there are none.</summary>
    public string? Captured { get; init; }

    /// <summary>Whether the wrong kernels run even where their verdicts are kept.</summary>
    public bool Afresh { get; init; }

    /// <summary>Whether the machine code of the kernels is written.</summary>
    public bool Disassembly { get; init; }

    /// <summary>The cases in their order; one that occurs twice is measured once.</summary>
    public static IReadOnlyList<PlannedCase> PlanOf(IEnumerable<PlannedCase> cases) => [.. cases.DistinctBy(planned => planned.Key)];
}
