using Kernels.Gpu.Cuda;
using Kernels.Gpu.OpenCL;
using Kernels.Simd;

namespace Kernels.Bench;

/// <summary>Libraries outside .NET that kernels of the catalog call.</summary>
internal static class KernelLibraries
{
    /// <summary>The installed ones, with their versions.</summary>
    public static IReadOnlyDictionary<string, string> Versions()
    {
        Dictionary<string, string> libraries = [];
        if (OpenBlas.Version is { } version)
            libraries.Add("OpenBLAS", version);
        if (OpenClDevice.Present is { Count: > 0 } devices)
            libraries.Add("OpenCL", string.Join("; ", devices.Select(device => $"{device}, {device.Version}")));
        if (CudaDiagnosis.Library is { } cuda)
            libraries.Add("CUDA", cuda);
        return libraries;
    }
}
