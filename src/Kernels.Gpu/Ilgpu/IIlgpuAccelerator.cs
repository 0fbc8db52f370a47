using Kernels.Abstractions;

namespace Kernels.Gpu.Ilgpu;

/// <summary>
/// The functions of an ILGPU accelerator that the kernels need; tests have one without ILGPU. Calls are serialised.
/// </summary>
internal interface IIlgpuAccelerator : IDisposable
{
    /// <summary>Name and limits.</summary>
    IlgpuDevice Device { get; }

    /// <summary>Uploads, launches and downloads; see <see cref="DeviceKernel"/>.</summary>
    /// <param name="program">The kernels to run.</param>
    /// <param name="tile">Their tile sizes.</param>
    /// <param name="call">The problem and its tensors, float32.</param>
    /// <param name="deviceNanoseconds">Receives the device time of each further launch.</param>
    /// <exception cref="IlgpuException">The device or its driver failed.</exception>
    void Run(IlgpuProgram program, IlgpuTile tile, in AttentionCall call, Span<double> deviceNanoseconds);
}
