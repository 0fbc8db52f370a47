using System.Globalization;

namespace Kernels.Gpu.Cuda.Host;

/// <summary>A CUDA device: what it is called, and the limits that kernels need.</summary>
public sealed record CudaDevice
{
    /// <summary>The device as the driver names it.</summary>
    public required string Name { get; init; }

    /// <summary>Its number among the devices that the driver shows.</summary>
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

    /// <summary>Whether the driver only imitates a device, so that times mean nothing.</summary>
    public required bool IsEmulated { get; init; }

    /// <summary>Name and compute capability.</summary>
    public override string ToString() =>
        IsEmulated ? $"{Name} (emulator)" : string.Create(CultureInfo.InvariantCulture, $"{Name} (GPU, compute capability {Capability})");

    /// <summary>One line for a person: what the device has, and the driver's CUDA version.</summary>
    public string Details => string.Create(
        CultureInfo.InvariantCulture,
        $"{this}, {Multiprocessors} multiprocessors, {MemoryBytes / (double)(1 << 30):N1} GiB, driver for CUDA {DriverVersion}");
}
