using Kernels.Gpu.Cuda.Driver;
using Kernels.Gpu.Cuda.Host;

namespace Kernels.Gpu.Cuda;

/// <summary>What tells a user why the CUDA kernels run or do not run.</summary>
public static class CudaDiagnosis
{
    /// <summary>Name and state of the driver, of each device, and of the code that runs there. The first use loads the driver.</summary>
    public static IEnumerable<(string Name, string State)> Rows =>
        Of(CudaRuntime.Default, Environment.GetEnvironmentVariable(CudaHosts.Variable)).Append(("ManagedCuda", CudaHosts.ManagedCudaAbsent ?? "built in"));

    /// <summary>The device, its driver and the code that the kernels run; null where they cannot run.</summary>
    public static string? Library =>
        CudaRuntime.Default.Device is { } device ? $"{device.Details}, {CudaRuntime.Default.Session.Program.Origin}" : null;

    internal static IEnumerable<(string Name, string State)> Of(CudaRuntime runtime, string? host)
    {
        IReadOnlyList<CudaDevice> devices;
        try
        {
            devices = runtime.Devices;
        }
        catch (Exception exception) when (exception is CudaUnavailableException or CudaException)
        {
            return [("CUDA", exception.Message)];
        }
        return
        [
            ("CUDA", $"{DriverLibrary.PlatformName} for CUDA {devices[0].DriverVersion}, through {(string.IsNullOrEmpty(host) ? "driver" : host)}"),
            .. devices.Select(device => ($"CUDA device {device.Index}", device == runtime.Device ? $"{device.Details}; the kernels run here" : device.Details)),
            ("CUDA code", runtime.Unavailable ?? runtime.Session.Program.Origin),
        ];
    }
}
