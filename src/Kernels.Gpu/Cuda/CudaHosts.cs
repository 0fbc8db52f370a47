using Kernels.Gpu.Cuda.Driver;
using Kernels.Gpu.Cuda.Host;
#if WITH_MANAGEDCUDA
using Kernels.Gpu.Cuda.ManagedCuda;
#endif

namespace Kernels.Gpu.Cuda;

/// <summary>The hosts that can drive the kernels: the project's own binding, and ManagedCuda where it is built in.</summary>
internal static class CudaHosts
{
    /// <summary>Environment variable: <c>driver</c> for the project's own binding(the default), or <c>managedcuda</c>.</summary>
    public const string Variable = "KERNELS_CUDA_HOST";

    /// <summary>Why this build lacks ManagedCuda; null when it has it.</summary>
    public static string? ManagedCudaAbsent =>
#if WITH_MANAGEDCUDA
        null;
#else
        "built without ManagedCuda-12 (GPLv3 or commercial); -p:WithManagedCuda=true builds with it where the package feed has it";
#endif

    /// <summary>The host of that name; for an unknown name, a host whose only result is the reason.</summary>
    public static ICudaApi Chosen(string? name) => name?.ToLowerInvariant() switch
    {
        null or "" or "driver" => new DriverApi(DriverLibrary.Load),
        "managedcuda" => ManagedCuda(DriverLibrary.PlatformName),
        _ => new NoApi($"{Variable}={name} names no host; there is driver and managedcuda"),
    };

    /// <summary>
    /// ManagedCuda on a driver's library, by name or path; in a build without ManagedCuda, a host whose only result is the reason.
    /// </summary>
    public static ICudaApi ManagedCuda(string? library) =>
#if WITH_MANAGEDCUDA
        new ManagedCudaApi(library);
#else
        library is null
            ? new NoApi(DriverLibrary.NoDriver)
            : new NoApi(ManagedCudaAbsent!);
#endif

    private sealed class NoApi(string reason) : ICudaApi
    {
        public IReadOnlyList<CudaDevice> Devices() => throw new CudaUnavailableException(reason);

        public ICudaHost Open(CudaDevice device) => throw new CudaUnavailableException(reason);
    }
}
