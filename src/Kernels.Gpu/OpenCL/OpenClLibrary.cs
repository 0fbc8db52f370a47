using System.Runtime.InteropServices;

namespace Kernels.Gpu.OpenCL;

/// <summary>
/// The entry points of the OpenCL library that the kernels need, by name. Parameters are those of the OpenCL 1.2 specification,
/// with every handle an <see cref="nint"/>.
/// </summary>
internal sealed unsafe class OpenClLibrary
{
    public readonly delegate* unmanaged<uint, nint*, uint*, int> GetPlatformIds;
    public readonly delegate* unmanaged<nint, uint, nuint, void*, nuint*, int> GetPlatformInfo;
    public readonly delegate* unmanaged<nint, ulong, uint, nint*, uint*, int> GetDeviceIds;
    public readonly delegate* unmanaged<nint, uint, nuint, void*, nuint*, int> GetDeviceInfo;
    public readonly delegate* unmanaged<nint*, uint, nint*, nint, nint, int*, nint> CreateContext;
    public readonly delegate* unmanaged<nint, int> ReleaseContext;
    public readonly delegate* unmanaged<nint, nint, ulong, int*, nint> CreateCommandQueue;
    public readonly delegate* unmanaged<nint, int> ReleaseCommandQueue;
    public readonly delegate* unmanaged<nint, uint, byte**, nuint*, int*, nint> CreateProgramWithSource;
    public readonly delegate* unmanaged<nint, uint, nint*, byte*, nint, nint, int> BuildProgram;
    public readonly delegate* unmanaged<nint, nint, uint, nuint, void*, nuint*, int> GetProgramBuildInfo;
    public readonly delegate* unmanaged<nint, int> ReleaseProgram;
    public readonly delegate* unmanaged<nint, byte*, int*, nint> CreateKernel;
    public readonly delegate* unmanaged<nint, uint, nuint, void*, int> SetKernelArg;
    public readonly delegate* unmanaged<nint, int> ReleaseKernel;
    public readonly delegate* unmanaged<nint, ulong, nuint, void*, int*, nint> CreateBuffer;
    public readonly delegate* unmanaged<nint, int> ReleaseMemObject;
    public readonly delegate* unmanaged<nint, nint, uint, nuint, nuint, void*, uint, nint*, nint*, int> EnqueueWriteBuffer;
    public readonly delegate* unmanaged<nint, nint, uint, nuint, nuint, void*, uint, nint*, nint*, int> EnqueueReadBuffer;
    public readonly delegate* unmanaged<nint, nint, nint, nuint, nuint, nuint, uint, nint*, nint*, int> EnqueueCopyBuffer;
    public readonly delegate* unmanaged<nint, nint, uint, nuint*, nuint*, nuint*, uint, nint*, nint*, int> EnqueueNdRangeKernel;
    public readonly delegate* unmanaged<nint, int> Finish;
    public readonly delegate* unmanaged<nint, uint, nuint, void*, nuint*, int> GetEventProfilingInfo;
    public readonly delegate* unmanaged<nint, int> ReleaseEvent;

    /// <summary>Number of driver objects created through this library and not yet released.</summary>
    public int LiveHandles;

    /// <summary>Takes each entry point from <paramref name="export"/>.</summary>
    /// <exception cref="EntryPointNotFoundException">One of them is missing.</exception>
    public OpenClLibrary(Func<string, nint> export)
    {
        nint Export(string name) => export(name) is var address and not 0 ? address : throw new EntryPointNotFoundException(name);
        GetPlatformIds = (delegate* unmanaged<uint, nint*, uint*, int>)Export("clGetPlatformIDs");
        GetPlatformInfo = (delegate* unmanaged<nint, uint, nuint, void*, nuint*, int>)Export("clGetPlatformInfo");
        GetDeviceIds = (delegate* unmanaged<nint, ulong, uint, nint*, uint*, int>)Export("clGetDeviceIDs");
        GetDeviceInfo = (delegate* unmanaged<nint, uint, nuint, void*, nuint*, int>)Export("clGetDeviceInfo");
        CreateContext = (delegate* unmanaged<nint*, uint, nint*, nint, nint, int*, nint>)Export("clCreateContext");
        ReleaseContext = (delegate* unmanaged<nint, int>)Export("clReleaseContext");
        CreateCommandQueue = (delegate* unmanaged<nint, nint, ulong, int*, nint>)Export("clCreateCommandQueue");
        ReleaseCommandQueue = (delegate* unmanaged<nint, int>)Export("clReleaseCommandQueue");
        CreateProgramWithSource = (delegate* unmanaged<nint, uint, byte**, nuint*, int*, nint>)Export("clCreateProgramWithSource");
        BuildProgram = (delegate* unmanaged<nint, uint, nint*, byte*, nint, nint, int>)Export("clBuildProgram");
        GetProgramBuildInfo = (delegate* unmanaged<nint, nint, uint, nuint, void*, nuint*, int>)Export("clGetProgramBuildInfo");
        ReleaseProgram = (delegate* unmanaged<nint, int>)Export("clReleaseProgram");
        CreateKernel = (delegate* unmanaged<nint, byte*, int*, nint>)Export("clCreateKernel");
        SetKernelArg = (delegate* unmanaged<nint, uint, nuint, void*, int>)Export("clSetKernelArg");
        ReleaseKernel = (delegate* unmanaged<nint, int>)Export("clReleaseKernel");
        CreateBuffer = (delegate* unmanaged<nint, ulong, nuint, void*, int*, nint>)Export("clCreateBuffer");
        ReleaseMemObject = (delegate* unmanaged<nint, int>)Export("clReleaseMemObject");
        EnqueueWriteBuffer =
            (delegate* unmanaged<nint, nint, uint, nuint, nuint, void*, uint, nint*, nint*, int>)Export("clEnqueueWriteBuffer");
        EnqueueReadBuffer =
            (delegate* unmanaged<nint, nint, uint, nuint, nuint, void*, uint, nint*, nint*, int>)Export("clEnqueueReadBuffer");
        EnqueueCopyBuffer =
            (delegate* unmanaged<nint, nint, nint, nuint, nuint, nuint, uint, nint*, nint*, int>)Export("clEnqueueCopyBuffer");
        EnqueueNdRangeKernel =
            (delegate* unmanaged<nint, nint, uint, nuint*, nuint*, nuint*, uint, nint*, nint*, int>)Export("clEnqueueNDRangeKernel");
        Finish = (delegate* unmanaged<nint, int>)Export("clFinish");
        GetEventProfilingInfo =
            (delegate* unmanaged<nint, uint, nuint, void*, nuint*, int>)Export("clGetEventProfilingInfo");
        ReleaseEvent = (delegate* unmanaged<nint, int>)Export("clReleaseEvent");
    }

    /// <summary>Name of the library on this operating system, and how to install it.</summary>
    public static (string Name, string Remedy) PlatformLibrary { get; } =
        OperatingSystem.IsWindows() ? ("OpenCL.dll", "it comes with the graphics driver")
        : OperatingSystem.IsMacOS() ? ("/System/Library/Frameworks/OpenCL.framework/OpenCL", "macOS before 10.7 has none")
        : ("libOpenCL.so.1", "Debian: apt install ocl-icd-libopencl1 pocl-opencl-icd for a CPU device");

    /// <summary>Loads a library, which stays loaded until the process ends.</summary>
    /// <exception cref="OpenClUnavailableException">It is not installed, or lacks an entry point.</exception>
    public static OpenClLibrary Load(string name, string remedy)
    {
        PoclSignals.LeaveToRuntime();
        if (!NativeLibrary.TryLoad(name, out nint library))
            throw new OpenClUnavailableException($"no OpenCL library: {name} not found ({remedy})");
        try
        {
            return new OpenClLibrary(symbol => NativeLibrary.TryGetExport(library, symbol, out nint address) ? address : 0);
        }
        catch (EntryPointNotFoundException missing)
        {
            throw new OpenClUnavailableException($"the OpenCL library {name} has no {missing.Message}; version 1.2 is needed");
        }
    }
}
