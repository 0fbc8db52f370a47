using Kernels.Abstractions;

namespace Kernels.Gpu.Ilgpu;

/// <summary>
/// What the kernels need of an ILGPU accelerator: the seam between what every build contains and what is compiled only with the package.
/// Calls take turns.
/// </summary>
internal interface IIlgpuAccelerator : IDisposable
{
    /// <summary>What it is, and its limits.</summary>
    IlgpuDevice Device { get; }

    /// <summary>Uploads, launches and downloads; see <see cref="DeviceKernel"/>.</summary>
    /// <param name="program">Which kernels.</param>
    /// <param name="tile">How they are cut.</param>
    /// <param name="call">The problem and its tensors, float32.</param>
    /// <param name="deviceNanoseconds">For each further launch its time on the device.</param>
    /// <exception cref="IlgpuException">The device or its driver failed.</exception>
    void Run(IlgpuProgram program, IlgpuTile tile, in AttentionCall call, Span<double> deviceNanoseconds);
}
