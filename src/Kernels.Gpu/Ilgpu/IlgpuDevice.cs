using Kernels.Abstractions;

namespace Kernels.Gpu.Ilgpu;

/// <summary>A device that ILGPU can compile for.</summary>
/// <param name="Name">The device as its driver names it.</param>
/// <param name="Driver">Its driver, such as <see cref="DeviceWish.Cuda"/>.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="IsEmulated">Whether threads of this process emulate those of a GPU; times are then meaningless.</param>
/// <param name="MaxGroupThreads">Threads that one group may have.</param>
/// <param name="SharedBytes">Shared memory of one group, in bytes.</param>
/// <param name="MemoryBytes">Memory of the device, in bytes.</param>
internal sealed record IlgpuDevice(
    string Name, string Driver, DeviceKind Kind, bool IsEmulated, int MaxGroupThreads, long SharedBytes, long MemoryBytes)
{
    /// <summary>Driver of the emulator: ILGPU itself.</summary>
    public const string Emulator = "ILGPU";

    /// <summary>Whether it matches the request.</summary>
    public bool Fits(DeviceWish? wish) => wish is null || wish.Fits(Driver, Kind, Name, ToString());

    /// <summary>
    /// Order of choice: GPUs before other devices, CUDA before OpenCL, emulators last.
    /// </summary>
    public int Rank => IsEmulated ? 3 : Kind != DeviceKind.Gpu ? 2 : Driver == DeviceWish.Cuda ? 0 : 1;

    /// <inheritdoc/>
    public override string ToString() =>
        IsEmulated ? $"CPU emulator ({Emulator})" : $"{Name} ({(Kind == DeviceKind.Gpu ? "GPU, " : "")}{Driver} through ILGPU)";
}
