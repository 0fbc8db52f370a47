using System.Globalization;
using Kernels.Abstractions;
using Kernels.Gpu.Masks;

namespace Kernels.Gpu.Ilgpu;

/// <summary>
/// Attention in C# that ILGPU compiles for CUDA or OpenCL, or for its emulator, where threads of this process emulate those of a GPU.
/// Compiled kernels and device memory are kept between calls.
/// </summary>
public abstract class IlgpuKernel : DeviceKernel
{
    private const int MostHeadDim = 256;

    // Limit of a grid in y and z (CUDA C++ programming guide, compute capabilities); OpenCL allows more.
    private const int MostGroups = 65535;

    // A barrier takes some milliseconds on two cores; a gate case calls a kernel several times and should take about a second.
    private const int MostEmulatedBarriers = 600;

    private readonly IlgpuRuntime runtime;

    internal IlgpuKernel(IlgpuRuntime runtime) => this.runtime = runtime;

    /// <inheritdoc/>
    public sealed override string? Unavailable => runtime.Unavailable;

    /// <inheritdoc/>
    protected sealed override string? Device => runtime.Device?.ToString();

    /// <inheritdoc/>
    protected sealed override bool IsEmulated => runtime.Device is { IsEmulated: true };

    internal abstract IlgpuProgram Program { get; }

    /// <summary>Bytes of device memory that only this kernel needs.</summary>
    internal abstract Int128 WorkspaceBytes(AttentionProblem problem);

    /// <summary>
    /// Number of barriers over all groups, which determines the emulator's time.
    /// </summary>
    internal abstract Int128 Barriers(AttentionProblem problem, IlgpuTile tile);

    /// <inheritdoc/>
    protected sealed override string? Refuses(AttentionProblem problem)
    {
        IlgpuDevice device = runtime.Accelerator.Device;
        if (problem.HeadDim > MostHeadDim)
            return $"head dimension {problem.HeadDim} is above {MostHeadDim}";
        if (IlgpuTile.For(Program, problem.HeadDim, device) is not { } tile)
            return $"no tile for head dimension {problem.HeadDim} fits {device.SharedBytes:N0} bytes of shared memory "
                + $"and {device.MaxGroupThreads} threads";
        if (Math.Max((long)problem.Batch * problem.Heads, MaskRanges.Tiles(problem, tile.TileRows)) > MostGroups)
            return $"takes at most {MostGroups:N0} heads, and as many tiles of {tile.TileRows} queries";
        Int128 bytes = WorkspaceBytes(problem) + 2 * sizeof(float) * ((Int128)problem.QueryLength + problem.KeyLength);
        if (bytes > device.MemoryBytes)
            return $"needs {Size(bytes)} of device memory; {device} has {Size(device.MemoryBytes)}";
        return device.IsEmulated && Barriers(problem, tile) is var barriers && barriers > MostEmulatedBarriers
            ? $"too long for {device}: {barriers:N0} barriers of {tile.Threads} threads, and the limit is {MostEmulatedBarriers:N0}"
            : null;
    }

    /// <inheritdoc/>
    protected sealed override void Forward(in AttentionCall call, Span<double> deviceNanoseconds)
    {
        IIlgpuAccelerator accelerator = runtime.Accelerator;
        IlgpuTile tile = IlgpuTile.For(Program, call.Problem.HeadDim, accelerator.Device)!.Value;
        accelerator.Run(Program, tile, call, deviceNanoseconds);
    }

    private static string Size(Int128 bytes) => string.Create(CultureInfo.InvariantCulture, $"{(double)bytes / (1 << 20):N0} MiB");
}
