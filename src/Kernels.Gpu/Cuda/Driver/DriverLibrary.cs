using System.Runtime.InteropServices;
using Kernels.Gpu.Cuda.Host;

namespace Kernels.Gpu.Cuda.Driver;

/// <summary>
/// The entry points of the CUDA driver that the kernels need, by name. Parameters are those of the driver API, with every handle an
/// <see cref="nint"/> and every address of the device a <see cref="ulong"/>.
/// </summary>
internal sealed unsafe class DriverLibrary
{
    public readonly delegate* unmanaged<uint, int> Init;
    public readonly delegate* unmanaged<int*, int> DriverGetVersion;
    public readonly delegate* unmanaged<int, byte**, int> GetErrorName;
    public readonly delegate* unmanaged<int, byte**, int> GetErrorString;
    public readonly delegate* unmanaged<int*, int> DeviceGetCount;
    public readonly delegate* unmanaged<int*, int, int> DeviceGet;
    public readonly delegate* unmanaged<byte*, int, int, int> DeviceGetName;
    public readonly delegate* unmanaged<int*, int, int, int> DeviceGetAttribute;
    public readonly delegate* unmanaged<nuint*, int, int> DeviceTotalMem;
    public readonly delegate* unmanaged<nint*, int, int> DevicePrimaryCtxRetain;
    public readonly delegate* unmanaged<int, int> DevicePrimaryCtxRelease;
    public readonly delegate* unmanaged<nint, int> CtxSetCurrent;
    public readonly delegate* unmanaged<nint*, void*, uint, int*, void**, int> ModuleLoadDataEx;
    public readonly delegate* unmanaged<nint, int> ModuleUnload;
    public readonly delegate* unmanaged<nint*, nint, byte*, int> ModuleGetFunction;
    public readonly delegate* unmanaged<nint, int, int, int> FuncSetAttribute;
    public readonly delegate* unmanaged<ulong*, nuint, int> MemAlloc;
    public readonly delegate* unmanaged<ulong, int> MemFree;
    public readonly delegate* unmanaged<ulong, void*, nuint, nint, int> MemcpyHtoDAsync;
    public readonly delegate* unmanaged<void*, ulong, nuint, nint, int> MemcpyDtoHAsync;
    public readonly delegate* unmanaged<ulong, ulong, nuint, nint, int> MemcpyDtoDAsync;
    public readonly delegate* unmanaged<ulong, byte, nuint, nint, int> MemsetD8Async;
    public readonly delegate* unmanaged<nint*, uint, int> StreamCreate;
    public readonly delegate* unmanaged<nint, int> StreamDestroy;
    public readonly delegate* unmanaged<nint, int> StreamSynchronize;
    public readonly delegate* unmanaged<nint*, uint, int> EventCreate;
    public readonly delegate* unmanaged<nint, int> EventDestroy;
    public readonly delegate* unmanaged<nint, nint, int> EventRecord;
    public readonly delegate* unmanaged<nint, int> EventSynchronize;
    public readonly delegate* unmanaged<float*, nint, nint, int> EventElapsedTime;
    public readonly delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int> LaunchKernel;

    // An emulated driver exports this entry point, which no real driver has.
    private const string EmulatorMark = "kernelsEmulatedDriver";

    /// <summary>Number of driver objects created through this library and not yet released.</summary>
    public int LiveHandles;

    /// <summary>Takes each entry point from <paramref name="export"/>.</summary>
    /// <exception cref="EntryPointNotFoundException">One of them is missing.</exception>
    public DriverLibrary(Func<string, nint> export)
    {
        nint Export(string name) => export(name) is var address and not 0 ? address : throw new EntryPointNotFoundException(name);
        Init = (delegate* unmanaged<uint, int>)Export("cuInit");
        DriverGetVersion = (delegate* unmanaged<int*, int>)Export("cuDriverGetVersion");
        GetErrorName = (delegate* unmanaged<int, byte**, int>)Export("cuGetErrorName");
        GetErrorString = (delegate* unmanaged<int, byte**, int>)Export("cuGetErrorString");
        DeviceGetCount = (delegate* unmanaged<int*, int>)Export("cuDeviceGetCount");
        DeviceGet = (delegate* unmanaged<int*, int, int>)Export("cuDeviceGet");
        DeviceGetName = (delegate* unmanaged<byte*, int, int, int>)Export("cuDeviceGetName");
        DeviceGetAttribute = (delegate* unmanaged<int*, int, int, int>)Export("cuDeviceGetAttribute");
        DeviceTotalMem = (delegate* unmanaged<nuint*, int, int>)Export("cuDeviceTotalMem_v2");
        DevicePrimaryCtxRetain = (delegate* unmanaged<nint*, int, int>)Export("cuDevicePrimaryCtxRetain");
        DevicePrimaryCtxRelease = (delegate* unmanaged<int, int>)Export("cuDevicePrimaryCtxRelease_v2");
        CtxSetCurrent = (delegate* unmanaged<nint, int>)Export("cuCtxSetCurrent");
        ModuleLoadDataEx = (delegate* unmanaged<nint*, void*, uint, int*, void**, int>)Export("cuModuleLoadDataEx");
        ModuleUnload = (delegate* unmanaged<nint, int>)Export("cuModuleUnload");
        ModuleGetFunction = (delegate* unmanaged<nint*, nint, byte*, int>)Export("cuModuleGetFunction");
        FuncSetAttribute = (delegate* unmanaged<nint, int, int, int>)Export("cuFuncSetAttribute");
        MemAlloc = (delegate* unmanaged<ulong*, nuint, int>)Export("cuMemAlloc_v2");
        MemFree = (delegate* unmanaged<ulong, int>)Export("cuMemFree_v2");
        MemcpyHtoDAsync = (delegate* unmanaged<ulong, void*, nuint, nint, int>)Export("cuMemcpyHtoDAsync_v2");
        MemcpyDtoHAsync = (delegate* unmanaged<void*, ulong, nuint, nint, int>)Export("cuMemcpyDtoHAsync_v2");
        MemcpyDtoDAsync = (delegate* unmanaged<ulong, ulong, nuint, nint, int>)Export("cuMemcpyDtoDAsync_v2");
        MemsetD8Async = (delegate* unmanaged<ulong, byte, nuint, nint, int>)Export("cuMemsetD8Async");
        StreamCreate = (delegate* unmanaged<nint*, uint, int>)Export("cuStreamCreate");
        StreamDestroy = (delegate* unmanaged<nint, int>)Export("cuStreamDestroy_v2");
        StreamSynchronize = (delegate* unmanaged<nint, int>)Export("cuStreamSynchronize");
        EventCreate = (delegate* unmanaged<nint*, uint, int>)Export("cuEventCreate");
        EventDestroy = (delegate* unmanaged<nint, int>)Export("cuEventDestroy_v2");
        EventRecord = (delegate* unmanaged<nint, nint, int>)Export("cuEventRecord");
        EventSynchronize = (delegate* unmanaged<nint, int>)Export("cuEventSynchronize");
        EventElapsedTime = (delegate* unmanaged<float*, nint, nint, int>)Export("cuEventElapsedTime");
        LaunchKernel =
            (delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int>)Export("cuLaunchKernel");
        IsEmulated = export(EmulatorMark) != 0;
    }

    /// <summary>Whether the driver is emulated.</summary>
    public bool IsEmulated { get; }

    /// <summary>Name of the driver's library on this operating system; null where NVIDIA has no driver.</summary>
    public static string? PlatformName { get; } =
        OperatingSystem.IsWindows() ? "nvcuda.dll" : OperatingSystem.IsLinux() ? "libcuda.so.1" : null;

    /// <summary>The reason on such an operating system.</summary>
    public const string NoDriver = "there is no NVIDIA driver for this operating system";

    /// <summary>Loads the driver of this operating system, which stays loaded until the process ends.</summary>
    /// <exception cref="CudaUnavailableException">It is not installed, or lacks an entry point.</exception>
    public static DriverLibrary Load() =>
        PlatformName is { } name ? Load(name) : throw new CudaUnavailableException(NoDriver);

    /// <summary>Loads a library by name or path.</summary>
    /// <exception cref="CudaUnavailableException">It is not installed, or lacks an entry point.</exception>
    public static DriverLibrary Load(string name)
    {
        if (!NativeLibrary.TryLoad(name, out nint library))
            throw new CudaUnavailableException($"no NVIDIA driver: {name} not found");
        try
        {
            return new DriverLibrary(symbol => NativeLibrary.TryGetExport(library, symbol, out nint address) ? address : 0);
        }
        catch (EntryPointNotFoundException missing)
        {
            throw new CudaUnavailableException($"the NVIDIA driver is too old: {name} has no {missing.Message}");
        }
    }

    /// <summary>Throws unless <paramref name="code"/> is success.</summary>
    /// <exception cref="CudaException">With the driver's own text.</exception>
    public void ThrowIfFailed(int code, string function, string? about = null)
    {
        if (code != DriverError.Success)
            throw new CudaException(function, code, ErrorText(code), about);
    }

    /// <summary>Name and description of an error code, from the driver.</summary>
    public string ErrorText(int code)
    {
        byte* name, text;
        if (GetErrorName(code, &name) != DriverError.Success || name is null)
            return $"error {code}";
        string known = Marshal.PtrToStringUTF8((nint)name)!;
        return GetErrorString(code, &text) == DriverError.Success && text is not null
            ? $"{known}: {Marshal.PtrToStringUTF8((nint)text)}"
            : known;
    }
}
