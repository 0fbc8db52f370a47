using System.Collections.Concurrent;
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
    private static readonly ConcurrentDictionary<DeviceWish, Lazy<IReadOnlyList<AttentionKernel>>> onDevices = [];

    /// <summary>All kernels, whether this machine can run them or not; those of devices on the best device that they find.</summary>
    public static IReadOnlyList<AttentionKernel> All { get; } = Kernels(null);

    /// <summary>All kernels, those of devices on the device that is wanted; the same instances for the same wish.</summary>
    public static IReadOnlyList<AttentionKernel> On(DeviceWish? device) =>
        device is null ? All : onDevices.GetOrAdd(device, wish => new(() => Kernels(wish))).Value;

    private static IReadOnlyList<AttentionKernel> Kernels(DeviceWish? device) =>
    [
        .. NaiveKernels.All,
        .. SimdKernels.All,
        .. FlashKernels.All,
        .. SparseKernels.All,
        .. LinearKernels.All,
        .. GpuKernels.On(device),
    ];
}
