using Kernels.Abstractions;

namespace Kernels.Gpu.Ilgpu;

/// <summary>A device that ILGPU can compile for.</summary>
/// <param name="Name">The device as its driver names it.</param>
/// <param name="Driver">What drives it, such as <see cref="DeviceWish.Cuda"/>.</param>
/// <param name="Kind">What it is.</param>
/// <param name="IsEmulated">Whether threads of this process imitate the threads of a GPU, so that times say nothing.</param>
/// <param name="MaxGroupThreads">Threads that one group may have.</param>
/// <param name="SharedBytes">Shared memory of one group, in bytes.</param>
/// <param name="MemoryBytes">Memory of the device, in bytes.</param>
internal sealed record IlgpuDevice(
    string Name, string Driver, DeviceKind Kind, bool IsEmulated, int MaxGroupThreads, long SharedBytes, long MemoryBytes)
{
    /// <summary>What drives the emulator: ILGPU itself.</summary>
    public const string Emulator = "ILGPU";

    /// <summary>Whether it is what a person wants.</summary>
    public bool Fits(DeviceWish? wish) => wish is null || wish.Fits(Driver, Kind, Name, ToString());

    /// <summary>
    /// A GPU before another device, CUDA before OpenCL, and an emulator only where there is nothing else: the order to choose in.
    /// </summary>
    public int Rank => IsEmulated ? 3 : Kind != DeviceKind.Gpu ? 2 : Driver == DeviceWish.Cuda ? 0 : 1;

    /// <inheritdoc/>
    public override string ToString() =>
        IsEmulated ? $"CPU emulator ({Emulator})" : $"{Name} ({(Kind == DeviceKind.Gpu ? "GPU, " : "")}{Driver} through ILGPU)";
}
