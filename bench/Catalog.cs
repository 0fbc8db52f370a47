using System.Collections.Concurrent;
using Kernels.Abstractions;
using Kernels.Flash;
using Kernels.Gpu;
using Kernels.Layers;
using Kernels.Layers.Backward;
using Kernels.Linear;
using Kernels.Naive;
using Kernels.Reference;
using Kernels.Simd;
using Kernels.Sparse;

namespace Kernels.Bench;

/// <summary>Every kernel, in the order of the report. Tests, gate, measurement, report and README read this one list.</summary>
public static class Catalog
{
    private static readonly ConcurrentDictionary<DeviceWish, Lazy<IReadOnlyList<Kernel>>> onDevices = [];
    private static readonly IReadOnlyList<Kernel> ofSuite = KernelsOn(null);
    private static IReadOnlyList<UserAssembly> assemblies = [];

    /// <summary>All kernels, whether this machine can run them or not; device kernels on the best device that they find.</summary>
    public static IReadOnlyList<Kernel> All { get; private set; } = ofSuite;

    /// <summary>The references of all operations.</summary>
    public static References References { get; private set; } = new References { Captured = CapturedModel.Source };

    /// <summary>The user's own assemblies that were added.</summary>
    public static IReadOnlyList<UserAssembly> Assemblies => assemblies;

    private static IEnumerable<Kernel> OfUsers => assemblies.SelectMany(each => each.Kernels);

    /// <summary>All kernels, device kernels on the requested device; the same instances for the same request.</summary>
    public static IReadOnlyList<Kernel> On(DeviceWish? device) =>
        device is null ? All
        : onDevices.GetOrAdd(device, wish => new(() => KernelsOn(wish))).Value is var kernels && assemblies.Count == 0 ? kernels
        : [.. kernels, .. OfUsers];

    /// <summary>Adds the kernels, references and masks of a user's own assembly, before anything is selected.</summary>
    public static void Join(UserAssembly assembly)
    {
        assemblies = [.. assemblies, assembly];
        All = [.. ofSuite, .. OfUsers];
        References = new References([.. assemblies.SelectMany(each => each.References)]) { Captured = CapturedModel.Source };
        foreach (MaskForm form in assembly.Masks)
            MaskForms.Add(form);
    }

    private static IReadOnlyList<Kernel> KernelsOn(DeviceWish? device) =>
    [
        .. NaiveKernels.All,
        .. SimdKernels.All,
        .. FlashKernels.All,
        .. SparseKernels.All,
        .. LinearKernels.All,
        .. LayerKernels.All,
        .. BackwardKernels.All,
        .. GpuKernels.On(device),
    ];
}
