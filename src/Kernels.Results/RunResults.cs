namespace Kernels.Results;

/// <summary>
/// All of a run: <c>results.json</c>. Documented in docs/results.md; a change of meaning raises the version, and <see cref="SchemaUpgrade"/>
/// learns to read the one before.
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

    /// <summary>What the machine can do; null when the run ended before it was measured.</summary>
    public Ceilings? Ceilings { get; init; }

    /// <summary>How the validator did on wrong kernels; null when the run ended before.</summary>
    public ValidatorScore? Validator { get; init; }

    /// <summary>Every kernel of the catalog, then the peers that take part.</summary>
    public required IReadOnlyList<KernelResult> Kernels { get; init; }

    /// <summary>Every case, in the order of the suite.</summary>
    public required IReadOnlyList<CaseResult> Cases { get; init; }
}
