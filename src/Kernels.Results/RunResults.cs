namespace Kernels.Results;

/// <summary>
/// All results of a run, <c>results.json</c>, documented in docs/results.md. A change of meaning raises the version and extends
/// <see cref="SchemaUpgrade"/>.
/// </summary>
public sealed record RunResults
{
    /// <summary>The version that this program writes.</summary>
    public const int CurrentSchemaVersion = 2;

    /// <summary>Version of the layout.</summary>
    public int SchemaVersion { get; init; } = CurrentSchemaVersion;

    /// <summary>How the run was made.</summary>
    public required RunInfo Run { get; init; }

    /// <summary>The machine.</summary>
    public required MachineInfo Machine { get; init; }

    /// <summary>Peaks of the machine; null when the run ended before they were measured.</summary>
    public Ceilings? Ceilings { get; init; }

    /// <summary>Result of the gate on wrong kernels; null when the run ended before.</summary>
    public ValidatorScore? Validator { get; init; }

    /// <summary>Result of the measurement on timings that are wrong on purpose; null when the run ended before.</summary>
    public ValidatorScore? WrongTimings { get; init; }

    /// <summary>
    /// Lines of the files that masks of this run were read from, by the name of the mask, so that nobody needs the files; null where no mask
    /// has one.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Patterns { get; init; }

    /// <summary>Every kernel of the catalog, then the peers that take part.</summary>
    public required IReadOnlyList<KernelResult> Kernels { get; init; }

    /// <summary>Every case, in the order of the suite.</summary>
    public required IReadOnlyList<CaseResult> Cases { get; init; }

    /// <summary>The entry of a kernel; null for one that the run does not know.</summary>
    public KernelResult? Kernel(string name) => Kernels.FirstOrDefault(each => each.Name == name);

    /// <summary>Whether its figures can be trusted. Computed from the rest, so that earlier files have it too; written for other readers.</summary>
    public Conditions Conditions => Conditions.Of(this);
}
