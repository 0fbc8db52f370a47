using Kernels.Abstractions;
using Kernels.Gpu.OpenCL;

namespace Kernels.Gpu;

/// <summary>The kernels of this project, in the order of the report.</summary>
public static class GpuKernels
{
    /// <summary>All of them; a new kernel is one file and one line here.</summary>
    public static IReadOnlyList<AttentionKernel> All { get; } =
    [
        new OpenClTiled(),
        new OpenClFlash(),
    ];
}
