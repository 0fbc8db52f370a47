namespace Kernels.Results;

/// <summary>The machine and the runtime of a run.</summary>
public sealed record MachineInfo
{
    /// <summary>Short name for folders, made of processor, microarchitecture and cores, such as <c>amd-epyc-zen5-2c</c>.</summary>
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

    /// <summary>
    /// Settings of the runtime that change the code it generates or how it collects garbage, such as <c>TieredPGO=0</c>. Variables that
    /// override them are in <see cref="Environment"/>; runs before that was recorded have them here.
    /// </summary>
    public required IReadOnlyDictionary<string, string> RuntimeSettings { get; init; }

    /// <summary>Libraries outside .NET that kernels call, with their version.</summary>
    public required IReadOnlyDictionary<string, string> Libraries { get; init; }

    /// <summary>Family, model and microarchitecture of the processor; null where they were not recorded.</summary>
    public ProcessorModel? Model { get; init; }

    /// <summary>Name and version of the system's kernel; null where it was not recorded.</summary>
    public string? Kernel { get; init; }

    /// <summary>What the machine is virtual on, such as <c>KVM</c>; null on hardware of its own, and where it was not recorded.</summary>
    public string? Hypervisor { get; init; }

    /// <summary>What OpenBLAS computes with; null without it, and where it was not recorded.</summary>
    public OpenBlasUse? OpenBlas { get; init; }

    /// <summary>What was set and limited around the process; null where it was not recorded.</summary>
    public ProcessEnvironment? Environment { get; init; }
}
