using System.Runtime.InteropServices;
using Kernels.Abstractions;
using Kernels.Gpu.Cuda;
using Kernels.Tests.CommandLine;
using Kernels.Tests.Structure;
using Xunit;

namespace Kernels.Tests.Cuda.Fake;

/// <summary>The way from the CUDA C to a launch through a compiler without a compiler, fakenvrtc.c, and on the driver without a device.</summary>
[Collection(nameof(FakeCuda))]
[RunsOnce]
public sealed unsafe class NvrtcHostTests : IDisposable
{
    private static readonly AttentionProblem problem = new(1, 2, 1, 20, 40, 64, AttentionMask.Causal);

    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("flash-cuda-f32")]
    [InlineData("flash-cuda-f16")]
    [InlineData("flash-cuda-wgmma-f16")]
    public void What_it_compiles_is_what_runs(string name)
    {
        string library = Build();
        using var launcher = new PtxLauncher();
        using (CudaRuntime runtime = FakeCuda.Runtime(new CudaCompiler([library])))
        {
            CudaKernel kernel = CudaHostTests.Kernel(name, runtime);
            OracleCase.AssertRight(kernel, problem);
            Assert.Null(launcher.Complaint);
            Assert.Equal($"compiled for sm_90a by NVRTC 12.8 ({library})", runtime.Session.Program.Origin);
        }
        FakeCuda.AssertNothingLives();
        AssertNoProgramLives(library);
    }

    [Theory]
    [InlineData("compile-error", "nvrtcCompileProgram: NVRTC_ERROR_COMPILATION (flash_mma.cuh(12): error: identifier \"x\" is undefined)")]
    [InlineData("no-program", "nvrtcCreateProgram: NVRTC_ERROR_PROGRAM_CREATION_FAILURE")]
    [InlineData("no-image", "nvrtcGetCUBIN: NVRTC_ERROR_INVALID_PROGRAM")]
    public void Where_it_fails_the_projects_ptx_runs_and_the_reason_is_told(string failure, string reason)
    {
        string library = Build();
        Fail(library, failure);
        using var launcher = new PtxLauncher();
        using CudaRuntime runtime = FakeCuda.Runtime(new CudaCompiler([library]));

        OracleCase.AssertRight(CudaHostTests.Kernel("flash-cuda-f32", runtime), problem);

        Assert.Equal($"PTX for sm_90a of this project (NVRTC compiles nothing for sm_90a: {reason})", runtime.Session.Program.Origin);
        AssertNoProgramLives(library);
    }

    [Fact]
    public void A_device_that_it_does_not_know_gets_the_projects_ptx()
    {
        var program = CudaProgram.For(NvrtcTests.Device(12, 0), new CudaCompiler([Build()]));

        Assert.Equal(
            "PTX for sm_80 of this project (NVRTC compiles nothing for sm_120: nvrtcCompileProgram: NVRTC_ERROR_INVALID_OPTION "
            + "(nvrtc: error: invalid value for --gpu-architecture (-arch)))",
            program.Origin);
    }

    [Fact]
    public void A_library_that_makes_no_machine_code_is_passed_over()
    {
        string old = Build("-DWITHOUT_CUBIN");

        Assert.Equal(
            $"PTX for sm_80 of this project ({old} is no NVRTC of CUDA 11.1 or later)",
            CudaProgram.For(NvrtcTests.Device(8, 6), new CudaCompiler(["libNoSuchNvrtc.so", old])).Origin);
        string library = Build();
        Assert.StartsWith("compiled for sm_80", CudaProgram.For(NvrtcTests.Device(8, 0), new CudaCompiler([old, library])).Origin);
    }

    [Fact]
    public void Code_that_needs_a_newer_driver_is_a_reason()
    {
        string library = Build();
        Fail(library, "newer-than-driver");
        using CudaRuntime runtime = FakeCuda.Runtime(new CudaCompiler([library]));

        Assert.Equal("the NVIDIA driver is too old: it is for CUDA 12.8, and the kernels need 13.0", runtime.Unavailable);
    }

    [Fact]
    public void The_environment_names_the_library()
    {
        string library = Build();

        CommandRun run = FakeCuda.CommandWith(library, "driver", "", "doctor");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains($"compiled for sm_90a by NVRTC 12.8 ({library})", run.Output);
    }

    public void Dispose() => folder.Dispose();

    /// <summary>A library of this test's own, so that each has a state of its own.</summary>
    private string Build(params string[] options)
    {
        FakeCuda.Require();
        string library = folder.File($"libnvrtc{options.Length}.so");
        string ptx = Path.GetDirectoryName(Repository.Sources("src/Kernels.Gpu/Cuda", "attention.cu").Single())!;
        if (CompiledC.Build("fakenvrtc.c", library, [$"-DPTX_FOLDER=\"{ptx}\"", .. options]) is { } reason)
            Assert.Skip(reason);
        return library;
    }

    private static void Fail(string library, string what)
    {
        nint text = Marshal.StringToCoTaskMemUTF8(what);
        ((delegate* unmanaged<nint, void>)NativeLibrary.GetExport(NativeLibrary.Load(library), "fakeFail"))(text);
        Marshal.FreeCoTaskMem(text);
    }

    private static void AssertNoProgramLives(string library) =>
        Assert.Equal(0, ((delegate* unmanaged<int>)NativeLibrary.GetExport(NativeLibrary.Load(library), "fakeLive"))());
}
