using System.Runtime.InteropServices;
using Kernels.Abstractions;
using Kernels.Gpu.OpenCL;
using Xunit;
using static Kernels.Tests.Gpu.OpenClTesting;

namespace Kernels.Tests.Gpu;

/// <summary>The host against drivers that fail: some entry points of the real library are replaced by ones that report an error.</summary>
[RunsOnce]
public unsafe class OpenClFailureTests
{
    private static readonly AttentionProblem Problem = new(1, 2, 2, 20, 30, 40);

    [Fact]
    public void A_missing_library_is_a_reason_and_no_crash()
    {
        using var runtime = new OpenClRuntime(() => OpenClLibrary.Load("libNoSuchOpenCL.so.1", "install it"));

        Assert.Equal("no OpenCL library: libNoSuchOpenCL.so.1 not found (install it)", Kernel("flash", runtime).WhyNot(Problem));
        var refused = Assert.Throws<NotSupportedException>(() => Run(Kernel("tiled", runtime), Problem, RandomInputs(Problem)));
        Assert.Contains("libNoSuchOpenCL.so.1 not found", refused.Message);
    }

    [Fact]
    public void A_library_that_is_not_opencl_is_a_reason()
    {
        string name = OperatingSystem.IsWindows() ? "kernel32.dll" : OperatingSystem.IsMacOS() ? "libSystem.dylib" : "libc.so.6";
        using var runtime = new OpenClRuntime(() => OpenClLibrary.Load(name, ""));

        Assert.Equal($"the OpenCL library {name} has no clGetPlatformIDs; version 1.2 is needed", runtime.Unavailable);
    }

    [Fact]
    public void No_driver_is_a_reason()
    {
        using var none = Broken("clGetPlatformIDs", (nint)(delegate* unmanaged<uint, nint*, uint*, int>)&NoPlatform);
        Assert.StartsWith("no OpenCL device: no driver is installed", none.Unavailable);

        using var empty = Broken("clGetDeviceIDs", (nint)(delegate* unmanaged<nint, ulong, uint, nint*, uint*, int>)&NoDevice);
        Assert.StartsWith("no OpenCL device", empty.Unavailable);
    }

    [Fact]
    public void A_driver_that_cannot_start_is_a_reason_with_the_error()
    {
        RequireDevice();
        using var context = Broken("clCreateContext", (nint)(delegate* unmanaged<nint*, uint, nint*, nint, nint, int*, nint>)&NoContext);
        Assert.Equal("the OpenCL driver failed: clCreateContext: CL_OUT_OF_RESOURCES", context.Unavailable);

        OpenClLibrary library = Library("clCreateCommandQueue", (nint)(delegate* unmanaged<nint, nint, ulong, int*, nint>)&NoQueue);
        using var queue = new OpenClRuntime(() => library);
        Assert.Equal("the OpenCL driver failed: clCreateCommandQueue: CL_OUT_OF_RESOURCES", queue.Unavailable);
        Assert.Equal(0, library.LiveHandles);
    }

    [Fact]
    public void A_device_that_nobody_has_is_named()
    {
        RequireDevice();
        using var runtime = new OpenClRuntime(() => Library(), new("no-such-device"));

        Assert.StartsWith("no OpenCL device fits --device no-such-device; there is ", runtime.Unavailable);
        Assert.Contains(OpenClDevice.Current!.Name, runtime.Unavailable);
        using var wished = new OpenClRuntime(() => Library(), new(OpenClDevice.Current.Name[..4].ToUpperInvariant()));
        Assert.Null(wished.Unavailable);
    }

    [Theory]
    [InlineData("tiled")]
    [InlineData("flash")]
    public void Failing_calls_throw_leave_nothing_behind_and_work_again_later(string kernel)
    {
        RequireDevice();
        foreach ((string entry, nint replacement, string message) in new (string, nint, string)[]
        {
            ("clCreateBuffer", (nint)(delegate* unmanaged<nint, ulong, nuint, void*, int*, nint>)&NoBuffer,
                "clCreateBuffer: CL_OUT_OF_RESOURCES ("),
            ("clEnqueueNDRangeKernel",
                (nint)(delegate* unmanaged<nint, nint, uint, nuint*, nuint*, nuint*, uint, nint*, nint*, int>)&NoLaunch,
                "clEnqueueNDRangeKernel: CL_OUT_OF_RESOURCES ("),
            ("clSetKernelArg", (nint)(delegate* unmanaged<nint, uint, nuint, void*, int>)&NoArgument,
                "clSetKernelArg: CL_OUT_OF_RESOURCES ("),
        })
        {
            OpenClLibrary library = Library(entry, replacement);
            var runtime = new OpenClRuntime(() => library);
            Kernel broken = Kernel(kernel, runtime);

            for (int call = 0; call < 3; call++)
                Assert.StartsWith(message, Assert.Throws<OpenClException>(() => Run(broken, Problem, RandomInputs(Problem))).Message);
            runtime.Dispose();

            Assert.Equal(0, library.LiveHandles);
        }
        AssertEqualsOracle(Problem, RandomInputs(Problem), Run(Kernel(kernel), Problem, RandomInputs(Problem)));
    }

    [Fact]
    public void A_failed_build_shows_the_compilers_log()
    {
        RequireDevice();
        OpenClLibrary library = Library();
        using var runtime = new OpenClRuntime(() => library);
        // OpenCL has no vectors of 5.
        var flash = new OpenClFlash(runtime, (headDim, _) => new FlashTile(5, 1, 1, 1, 1, 1, headDim));
        int before = 0;

        for (int call = 0; call < 3; call++)
        {
            string message = Assert.Throws<OpenClException>(() => Run(flash, Problem, RandomInputs(Problem))).Message;
            Assert.StartsWith("clBuildProgram: CL_BUILD_PROGRAM_FAILURE (flash.cl -DLANES=5", message);
            Assert.Contains("float5", message);
            Assert.True(call == 0 || before == library.LiveHandles);
            before = library.LiveHandles;
        }
    }

    [Fact]
    public void Many_calls_of_many_shapes_hold_no_more_handles_than_one_and_disposal_releases_all()
    {
        RequireDevice();
        OpenClLibrary library = Library();
        var runtime = new OpenClRuntime(() => library);
        Kernel[] kernels = [Kernel("tiled", runtime), Kernel("flash", runtime)];
        foreach (Kernel kernel in kernels)
            Run(kernel, Problem, RandomInputs(Problem));
        int live = library.LiveHandles;

        for (int call = 0; call < 60; call++)
        {
            var problem = new AttentionProblem(1 + call % 2, 2, 1, 1 + call, 1 + 7 * call % 50, 33 + call % 16, AttentionMask.Causal);
            Run(kernels[call % 2], problem, RandomInputs(problem));
        }

        Assert.Equal(live, library.LiveHandles);
        runtime.Dispose();
        runtime.Dispose();
        Assert.Equal(0, library.LiveHandles);
        Assert.Throws<ObjectDisposedException>(() => Run(kernels[0], Problem, RandomInputs(Problem)));
    }

    private static OpenClRuntime Broken(string entry, nint replacement)
    {
        OpenClLibrary library = Library(entry, replacement);
        return new OpenClRuntime(() => library);
    }

    private static OpenClLibrary Library(string? replaced = null, nint replacement = 0)
    {
        if (!NativeLibrary.TryLoad(OpenClLibrary.PlatformLibrary.Name, out nint library))
            Assert.Skip($"{OpenClLibrary.PlatformLibrary.Name} is not on this machine");
        return new OpenClLibrary(name => name == replaced ? replacement : NativeLibrary.GetExport(library, name));
    }

    [UnmanagedCallersOnly]
    private static int NoPlatform(uint entries, nint* platforms, uint* count) => OpenClError.PlatformNotFound;

    [UnmanagedCallersOnly]
    private static int NoDevice(nint platform, ulong type, uint entries, nint* devices, uint* count) => OpenClError.DeviceNotFound;

    [UnmanagedCallersOnly]
    private static nint NoContext(nint* properties, uint count, nint* devices, nint notify, nint data, int* error) => Fail(error);

    [UnmanagedCallersOnly]
    private static nint NoQueue(nint context, nint device, ulong properties, int* error) => Fail(error);

    [UnmanagedCallersOnly]
    private static nint NoBuffer(nint context, ulong flags, nuint size, void* host, int* error) => Fail(error);

    [UnmanagedCallersOnly]
    private static int NoArgument(nint kernel, uint index, nuint size, void* value) => OpenClError.OutOfResources;

    [UnmanagedCallersOnly]
    private static int NoLaunch(
        nint queue, nint kernel, uint dimensions, nuint* offset, nuint* global, nuint* local, uint events, nint* wait, nint* done) =>
        OpenClError.OutOfResources;

    private static nint Fail(int* error)
    {
        *error = OpenClError.OutOfResources;
        return 0;
    }
}
