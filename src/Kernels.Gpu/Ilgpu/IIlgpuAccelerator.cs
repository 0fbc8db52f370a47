using Kernels.Abstractions;

namespace Kernels.Gpu.Ilgpu;

/// <summary>
/// What the kernels need of an ILGPU accelerator: the seam between what every build contains and what is compiled only with the package.
/// Calls take turns.
/// </summary>
internal unsafe interface IIlgpuAccelerator : IDisposable
{
    /// <summary>What it is, and its limits.</summary>
    IlgpuDevice Device { get; }

    /// <summary>Uploads, launches and downloads; see <see cref="DeviceKernel"/> for the tensors and the times.</summary>
    /// <param name="program">Which kernels.</param>
    /// <param name="tile">How they are cut.</param>
    /// <param name="problem">Shapes, mask and scale.</param>
    /// <param name="q">[batch, heads, queries, headDim].</param>
    /// <param name="k">[batch, kvHeads, keys, headDim].</param>
    /// <param name="v">[batch, kvHeads, keys, headDim].</param>
    /// <param name="output">[batch, heads, queries, headDim].</param>
    /// <param name="deviceNanoseconds">For each further launch its time on the device.</param>
    /// <exception cref="IlgpuException">The device or its driver failed.</exception>
    void Run(
        IlgpuProgram program, IlgpuTile tile, AttentionProblem problem, float* q, float* k, float* v, float* output,
        Span<double> deviceNanoseconds);
}
