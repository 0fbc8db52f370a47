namespace Kernels.Results;

/// <summary>The machine and the runtime of a run.</summary>
public sealed record MachineInfo
{
    /// <summary>Short name for folders, made of processor and cores, such as <c>amd-epyc-2c</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The processor's name.</summary>
    public required string Processor { get; init; }

    /// <summary>Logical processors that the process may use.</summary>
    public required int Cores { get; init; }

    /// <summary>X64, Arm64.</summary>
    public required string Architecture { get; init; }

    /// <summary>Instruction sets that the JIT really uses in this process, widest first.</summary>
    public required IReadOnlyList<string> InstructionSets { get; init; }

    /// <summary>Data cache sizes in bytes as the system reports them, by level: L1, L2, L3. Absent where unknown.</summary>
    public required IReadOnlyDictionary<string, long> CacheBytes { get; init; }

    /// <summary>Memory that the process may use, in bytes.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Operating system.</summary>
    public required string OperatingSystem { get; init; }

    /// <summary>Such as <c>.NET 10.0.12</c>.</summary>
    public required string Runtime { get; init; }

    /// <summary>Runtime settings that change code generation, such as <c>TieredPGO=0</c>.</summary>
    public required IReadOnlyDictionary<string, string> RuntimeSettings { get; init; }

    /// <summary>Libraries outside .NET that kernels call, with their version.</summary>
    public required IReadOnlyDictionary<string, string> Libraries { get; init; }
}
