#if WITH_MANAGEDCUDA
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Kernels.Gpu.Cuda.Driver;
using Kernels.Gpu.Cuda.Host;
using ManagedCuda;
using ManagedCuda.BasicTypes;
using static ManagedCuda.DriverAPINativeMethods;

namespace Kernels.Gpu.Cuda.ManagedCuda;

/// <summary>The CUDA driver through ManagedCuda.</summary>
/// <param name="library">Name or path of the driver's library; ManagedCuda keeps the first one that it loads.</param>
internal sealed class ManagedCudaApi(string? library) : ICudaApi
{
    private static string? wanted;

    // ManagedCuda loads libcuda.so, which only development packages install; the driver's library is libcuda.so.1.
    static ManagedCudaApi() => AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) =>
        name == "nvcuda" && wanted is not null && NativeLibrary.TryLoad(wanted, out nint handle) ? handle : 0;

    /// <inheritdoc/>
    public IReadOnlyList<CudaDevice> Devices()
    {
        try
        {
            // ManagedCuda cannot report an emulated driver.
            wanted = library ?? throw new CudaUnavailableException(DriverLibrary.NoDriver);
            bool isEmulated = DriverLibrary.Load(wanted).IsEmulated;
            if (cuInit(CUInitializationFlags.None) is var started && started == CUResult.ErrorNoDevice)
                throw NoDevice();
            ManagedCudaError.ThrowIfFailed(started, "cuInit");
            int count = 0, version = 0;
            ManagedCudaError.ThrowIfFailed(DeviceManagement.cuDeviceGetCount(ref count), "cuDeviceGetCount");
            ManagedCudaError.ThrowIfFailed(cuDriverGetVersion(ref version), "cuDriverGetVersion");
            return count == 0
                ? throw NoDevice()
                : [.. Enumerable.Range(0, count).Select(index => Read(index, new Version(version / 1000, version % 1000 / 10), isEmulated))];
        }
        catch (DllNotFoundException)
        {
            throw new CudaUnavailableException($"no NVIDIA driver: {library} not found");
        }
        catch (EntryPointNotFoundException missing)
        {
            throw new CudaUnavailableException($"the NVIDIA driver is too old: {missing.Message}");
        }
    }

    /// <inheritdoc/>
    public ICudaHost Open(CudaDevice device) => new ManagedCudaHost(device);

    private static CudaUnavailableException NoDevice() => new("the NVIDIA driver shows no CUDA device");

    private static CudaDevice Read(int index, Version driver, bool isEmulated)
    {
        CUdevice device = default;
        ManagedCudaError.ThrowIfFailed(DeviceManagement.cuDeviceGet(ref device, index), "cuDeviceGet");
        int Attribute(CUDeviceAttribute attribute)
        {
            int value = 0;
            ManagedCudaError.ThrowIfFailed(DeviceManagement.cuDeviceGetAttribute(ref value, attribute, device), "cuDeviceGetAttribute");
            return value;
        }

        SizeT memory = 0;
        ManagedCudaError.ThrowIfFailed(DeviceManagement.cuDeviceTotalMem_v2(ref memory, device), "cuDeviceTotalMem");
        return new CudaDevice
        {
            Index = index,
            Name = CudaContext.GetDeviceName(index),
            Capability = new Version(Attribute(CUDeviceAttribute.ComputeCapabilityMajor), Attribute(CUDeviceAttribute.ComputeCapabilityMinor)),
            DriverVersion = driver,
            Multiprocessors = Attribute(CUDeviceAttribute.MultiProcessorCount),
            SharedBytesPerBlock = Attribute(CUDeviceAttribute.MaxSharedMemoryPerBlockOptin),
            MemoryBytes = (long)(ulong)memory,
            IsEmulated = isEmulated,
        };
    }
}
#endif
