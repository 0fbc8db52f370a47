using System.Text;
using Kernels.Gpu.Cuda.Host;

namespace Kernels.Gpu.Cuda.Driver;

/// <summary>The devices that a driver reports.</summary>
internal static unsafe class DriverDevices
{
    // CUdevice_attribute of cuda.h.
    private const int MultiprocessorCount = 16, CapabilityMajor = 75, CapabilityMinor = 76, SharedBytesPerBlockOptIn = 97;

    /// <summary>Starts the driver and reads every device.</summary>
    /// <exception cref="CudaUnavailableException">There is no device.</exception>
    /// <exception cref="CudaException">The driver failed.</exception>
    public static IReadOnlyList<CudaDevice> Read(DriverLibrary library)
    {
        int code = library.Init(0);
        if (code == DriverError.NoDevice)
            throw NoDevice();
        library.ThrowIfFailed(code, "cuInit");
        int version, count;
        library.ThrowIfFailed(library.DriverGetVersion(&version), "cuDriverGetVersion");
        library.ThrowIfFailed(library.DeviceGetCount(&count), "cuDeviceGetCount");
        if (count == 0)
            throw NoDevice();
        // 12080 is 12.8.
        var driverVersion = new Version(version / 1000, version % 1000 / 10);
        return [.. Enumerable.Range(0, count).Select(index => Read(library, index, driverVersion))];
    }

    /// <summary>The driver's handle of a device.</summary>
    public static int Handle(DriverLibrary library, int index)
    {
        int device;
        library.ThrowIfFailed(library.DeviceGet(&device, index), "cuDeviceGet");
        return device;
    }

    private static CudaUnavailableException NoDevice() => new("the NVIDIA driver shows no CUDA device");

    private static CudaDevice Read(DriverLibrary library, int index, Version driverVersion)
    {
        int device = Handle(library, index);
        nuint memory;
        library.ThrowIfFailed(library.DeviceTotalMem(&memory, device), "cuDeviceTotalMem");
        return new CudaDevice
        {
            Index = index,
            Name = Name(library, device),
            Capability = new Version(Attribute(library, CapabilityMajor, device), Attribute(library, CapabilityMinor, device)),
            DriverVersion = driverVersion,
            Multiprocessors = Attribute(library, MultiprocessorCount, device),
            SharedBytesPerBlock = Attribute(library, SharedBytesPerBlockOptIn, device),
            MemoryBytes = (long)memory,
            IsEmulated = library.IsEmulated,
        };
    }

    private static string Name(DriverLibrary library, int device)
    {
        byte[] name = new byte[256];
        fixed (byte* text = name)
            library.ThrowIfFailed(library.DeviceGetName(text, name.Length, device), "cuDeviceGetName");
        int end = Array.IndexOf(name, (byte)0);
        return Encoding.UTF8.GetString(name, 0, end < 0 ? name.Length : end);
    }

    private static int Attribute(DriverLibrary library, int attribute, int device)
    {
        int value;
        library.ThrowIfFailed(library.DeviceGetAttribute(&value, attribute, device), "cuDeviceGetAttribute");
        return value;
    }
}
