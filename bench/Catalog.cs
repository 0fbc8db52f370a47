using Kernels.Abstractions;
using Kernels.Flash;
using Kernels.Gpu;
using Kernels.Linear;
using Kernels.Naive;
using Kernels.Simd;
using Kernels.Sparse;

namespace Kernels.Bench;

/// <summary>Every kernel, in the order of the report. Tests, gate, measurement, report and README read this one list.</summary>
public static class Catalog
{
    /// <summary>All kernels, whether this machine can run them or not.</summary>
    public static IReadOnlyList<AttentionKernel> All { get; } =
    [
        .. NaiveKernels.All,
        .. SimdKernels.All,
        .. FlashKernels.All,
        .. SparseKernels.All,
        .. LinearKernels.All,
        .. GpuKernels.All,
    ];
}
