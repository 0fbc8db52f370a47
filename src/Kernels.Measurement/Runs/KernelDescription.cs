using Kernels.Abstractions;
using Kernels.Results;

namespace Kernels.Measurement.Runs;

/// <summary>Descriptions of kernels for results.</summary>
public static class KernelDescription
{
    /// <summary>Description of a kernel, and whether this machine can run it.</summary>
    public static KernelResult Of(Kernel kernel)
    {
        bool needsDevice = kernel.Backend is { TakesThreads: false };
        return new()
        {
            Name = kernel.Info.Name,
            Family = kernel.Info.Family,
            Operation = kernel.Info.Operation.Name,
            Formula = kernel.Info.Operation.Formula,
            Idea = kernel.Info.Idea,
            BuildsOn = kernel.Info.BuildsOn,
            Source = kernel.Info.Source,
            Device = needsDevice && kernel.Unavailable is null ? kernel.Backend!.Name : null,
            NeedsDevice = needsDevice,
            Emulated = kernel.Backend is { IsEmulated: true },
            Format = kernel.Info.Format.Name,
            Products = kernel.Info.Products == Element.Float32 ? null : kernel.Info.Products.Text(),
            Version = kernel.Backend?.Version,
            Available = kernel.Unavailable is null,
            Reason = kernel.Unavailable,
        };
    }
}
