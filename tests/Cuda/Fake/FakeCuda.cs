using System.Runtime.InteropServices;
using Kernels.Gpu.Cuda;
using Kernels.Gpu.Cuda.Driver;
using Kernels.Tests.CommandLine;
using Xunit;

namespace Kernels.Tests.Cuda.Fake;

/// <summary>
/// The driver without a device that fakecuda.c makes, compiled once by whatever C compiler there is; without one the tests are skipped.
/// It is one library with one state: tests that use it belong to the collection of this name.
/// </summary>
[CollectionDefinition(nameof(FakeCuda))]
public sealed unsafe class FakeCuda
{
    /// <summary>What fakecuda.c counts, in the order of its numbers.</summary>
    private static readonly string[] kinds = ["contexts", "modules", "streams", "events", "allocations"];

    private static readonly Lazy<(string? Folder, string? Reason)> built = new(Build);

    /// <summary>The folder with libcuda.so.1, for the library path of a child process.</summary>
    internal static string Folder => built.Value.Folder ?? throw new InvalidOperationException(built.Value.Reason);

    private static nint Native => NativeLibrary.Load(Path.Combine(Folder, "libcuda.so.1"));

    /// <summary>Skips the test where the library cannot be made; enough for one that leaves the library to a child process.</summary>
    internal static void RequireFolder()
    {
        if (built.Value.Reason is { } reason)
            Assert.Skip(reason);
    }

    /// <summary>Skips the test where the library cannot be made; otherwise there is no failure, and no launcher.</summary>
    internal static void Require()
    {
        RequireFolder();
        Fail("");
        SetLauncher(0);
    }

    /// <summary>The library's entry points, one of them missing if so wished.</summary>
    internal static DriverLibrary Library(string? without = null)
    {
        nint native = Native;
        return new DriverLibrary(name => name != without && NativeLibrary.TryGetExport(native, name, out nint address) ? address : 0);
    }

    /// <summary>A runtime on the library, with the project's PTX.</summary>
    internal static CudaRuntime Runtime(string? wish = null) => Runtime(CudaCompiler.None, wish);

    /// <summary>A runtime on the library, with what a compiler makes.</summary>
    internal static CudaRuntime Runtime(CudaCompiler compiler, string? wish = null) =>
        new(new DriverApi(() => Library()), compiler, wish is null ? null : new(wish));

    /// <summary>Injects a failure that fakecuda.c knows.</summary>
    internal static void Fail(string what)
    {
        nint text = Marshal.StringToCoTaskMemUTF8(what);
        ((delegate* unmanaged<nint, void>)NativeLibrary.GetExport(Native, "fakeFail"))(text);
        Marshal.FreeCoTaskMem(text);
    }

    /// <summary>The function that launches are handed to.</summary>
    internal static void SetLauncher(nint function) => ((delegate* unmanaged<nint, void>)NativeLibrary.GetExport(Native, "fakeSetLauncher"))(function);

    /// <summary>The allocation that an address lies in; no bytes when there is none.</summary>
    internal static Span<byte> Allocation(ulong address)
    {
        ulong begin;
        nuint bytes = ((delegate* unmanaged<ulong, ulong*, nuint>)NativeLibrary.GetExport(Native, "fakeAllocation"))(address, &begin);
        return bytes == 0 ? [] : new Span<byte>((void*)begin, (int)bytes);
    }

    /// <summary>Every object of the driver was released.</summary>
    internal static void AssertNothingLives()
    {
        var live = (delegate* unmanaged<int, int>)NativeLibrary.GetExport(Native, "fakeLive");
        Assert.All(kinds.Select((kind, i) => (kind, i)), each => Assert.Equal((each.kind, 0), (each.kind, live(each.i))));
    }

    /// <summary>A child process of the real program that finds the library, with a failure.</summary>
    internal static CommandRun Command(string failure, params string[] arguments) => CommandOn("driver", failure, arguments);

    /// <summary>The same through one of the hosts.</summary>
    internal static CommandRun CommandOn(string host, string failure, params string[] arguments) => CommandWith("none", host, failure, arguments);

    /// <summary>The same with an NVRTC of this name.</summary>
    internal static CommandRun CommandWith(string nvrtc, string host, string failure, params string[] arguments)
    {
        var environment = new Dictionary<string, string>
        {
            ["LD_LIBRARY_PATH"] = Folder,
            ["FAKECUDA"] = failure,
            [CudaHosts.Variable] = host,
            [CudaCompiler.Variable] = nvrtc,
        };
        return CommandRun.OfOwnProcess(environment, arguments).GetAwaiter().GetResult();
    }

    private static (string? Folder, string? Reason) Build()
    {
        string folder = Directory.CreateTempSubdirectory("kernels-fake-cuda-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return CompiledC.Build("fakecuda.c", Path.Combine(folder, "libcuda.so.1")) is { } reason ? (null, reason) : (folder, null);
    }
}
