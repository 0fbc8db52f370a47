using Kernels.Abstractions;

namespace Kernels.Results;

/// <summary>One kernel as in <c>list --json</c>, with the gate's result in this run.</summary>
public sealed record KernelResult
{
    /// <summary>Catalog name.</summary>
    public required string Name { get; init; }

    /// <summary>naive, simd, flash, sparse, linear, gpu; peer for an outside program.</summary>
    public required string Family { get; init; }

    /// <summary>Name of the operation that it computes (<see cref="Abstractions.Operation.Name"/>).</summary>
    public required string Operation { get; init; }

    /// <summary>Its formula (<see cref="Abstractions.Operation.Formula"/>); null when the run does not contain it.</summary>
    public string? Formula { get; init; }

    /// <summary>Its idea in a line.</summary>
    public required string Idea { get; init; }

    /// <summary>The kernel whose idea it extends.</summary>
    public string? BuildsOn { get; init; }

    /// <summary>Paper and section.</summary>
    public string? Source { get; init; }

    /// <summary>Version of the outside program; null for kernels of this suite, whose version is the git revision.</summary>
    public string? Version { get; init; }

    /// <summary>The backend, such as <c>CPU device (PoCL)</c>; null for kernels on the processor's threads.</summary>
    public string? Device { get; init; }

    /// <summary>Whether it runs on a device with its own memory, present or not.</summary>
    public bool NeedsDevice { get; init; }

    /// <summary>Whether that device is an emulator: the kernel is checked there and never timed.</summary>
    public bool Emulated { get; init; }

    /// <summary>
    /// Formats of its operands in memory (<see cref="Abstractions.Format.Name"/>), such as <c>float32</c> or <c>bfloat16</c>.
    /// </summary>
    public required string Format { get; init; }

    /// <summary>Format of the weights where they multiply v (<see cref="KernelInfo.Products"/>); null for float32.</summary>
    public string? Products { get; init; }

    /// <summary>Peaks of the device, measured in this run; null where they cannot be measured.</summary>
    public DevicePeaks? DevicePeaks { get; init; }

    /// <summary>
    /// Of a peer that reports it: the most threads that it kept busy, by the number that it was given; null for others.
    /// </summary>
    public IReadOnlyDictionary<int, double>? ThreadsBusy { get; init; }

    /// <summary>Whether this machine and build can run it.</summary>
    public required bool Available { get; init; }

    /// <summary>Why not; null when available.</summary>
    public string? Reason { get; init; }

    /// <summary>Its machine code, with <c>--disassembly</c>.</summary>
    public DisassemblyResult? Disassembly { get; init; }

    /// <summary>The gate's result; null when the gate did not run.</summary>
    public GateResult? Gate { get; init; }
}
