using System.Globalization;

namespace Kernels.Gpu.Cuda.Host;

/// <summary>A CUDA device: its name, and the limits that kernels need.</summary>
public sealed record CudaDevice
{
    /// <summary>The device as the driver names it.</summary>
    public required string Name { get; init; }

    /// <summary>Its number among the devices of the driver.</summary>
    public required int Index { get; init; }

    /// <summary>Compute capability, such as 8.0 for an A100.</summary>
    public required Version Capability { get; init; }

    /// <summary>The newest CUDA version that the driver supports.</summary>
    public required Version DriverVersion { get; init; }

    /// <summary>Streaming multiprocessors.</summary>
    public required int Multiprocessors { get; init; }

    /// <summary>Shared memory that a block may ask for, in bytes.</summary>
    public required int SharedBytesPerBlock { get; init; }

    /// <summary>Memory of the device, in bytes.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Whether the driver emulates the device; times are then meaningless.</summary>
    public required bool IsEmulated { get; init; }

    /// <summary>Name and compute capability.</summary>
    public override string ToString() =>
        IsEmulated ? $"{Name} (emulator)" : string.Create(CultureInfo.InvariantCulture, $"{Name} (GPU, compute capability {Capability})");

    /// <summary>Description for messages: the device's properties and the driver's CUDA version.</summary>
    public string Details => string.Create(
        CultureInfo.InvariantCulture,
        $"{this}, {Multiprocessors} multiprocessors, {MemoryBytes / (double)(1 << 30):N1} GiB, driver for CUDA {DriverVersion}");
}
