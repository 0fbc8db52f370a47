using Kernels.Gpu.Cuda;
using Kernels.Gpu.OpenCL;
using Kernels.Measurement.Machine;
using Kernels.Results;
using Kernels.Simd;

namespace Kernels.Bench;

/// <summary>This machine, with the libraries outside .NET that kernels of the catalog call.</summary>
internal static class ThisMachine
{
    /// <summary>Reads everything that is known of it.</summary>
    public static MachineInfo Read() => MachineInfoReader.Read(Libraries()) with
    {
        OpenBlas = OpenBlas.Unavailable is null ? new OpenBlasUse(OpenBlas.Core, OpenBlas.Threads) : null,
    };

    private static Dictionary<string, string> Libraries()
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
