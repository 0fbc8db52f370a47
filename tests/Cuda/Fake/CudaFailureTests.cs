using Kernels.Abstractions;
using Kernels.Gpu.Cuda;
using Kernels.Gpu.Cuda.Driver;
using Kernels.Gpu.Cuda.Host;
using Kernels.Reference;
using Xunit;

namespace Kernels.Tests.Cuda.Fake;

/// <summary>The host against a driver that fails: each failure is a reason or an exception with the driver's words, and nothing leaks.</summary>
[Collection(nameof(FakeCuda))]
[RunsOnce]
public class CudaFailureTests
{
    private static readonly AttentionProblem problem = new(1, 2, 1, 20, 40, 64);

    [Fact]
    public void A_missing_library_is_a_reason()
    {
        using var runtime = new CudaRuntime(new DriverApi(() => DriverLibrary.Load("libNoSuchCuda.so.1")), CudaCompiler.None);

        Assert.Equal("no NVIDIA driver: libNoSuchCuda.so.1 not found", CudaHostTests.Kernel("flash-cuda-f32", runtime).WhyNot(problem));
        Assert.Equal([("CUDA", "no NVIDIA driver: libNoSuchCuda.so.1 not found")], CudaDiagnosis.Of(runtime, null));
    }

    [Theory]
    [InlineData("cuInit")]
    [InlineData("cuMemcpyDtoDAsync_v2")]
    [InlineData("cuLaunchKernel")]
    public void A_missing_entry_point_is_a_reason(string entry)
    {
        FakeCuda.Require();

        Assert.Equal(entry, Assert.Throws<EntryPointNotFoundException>(() => FakeCuda.Library(without: entry)).Message);
        string other = OperatingSystem.IsWindows() ? "kernel32.dll" : OperatingSystem.IsMacOS() ? "libSystem.dylib" : "libc.so.6";
        using var runtime = new CudaRuntime(new DriverApi(() => DriverLibrary.Load(other)), CudaCompiler.None);
        Assert.Equal($"the NVIDIA driver is too old: {other} has no cuInit", runtime.Unavailable);
    }

    [Theory]
    [InlineData("no-device", "the NVIDIA driver shows no CUDA device")]
    [InlineData("empty", "the NVIDIA driver shows no CUDA device")]
    [InlineData("broken", "the NVIDIA driver failed: cuInit: error 999")]
    [InlineData("old-device", "test double (emulator) is too old: compute capability 8.0 is needed")]
    [InlineData("old-driver", "the NVIDIA driver is too old: it is for CUDA 10.2, and the kernels need 12.0")]
    [InlineData("no-context", "the NVIDIA driver failed: cuDevicePrimaryCtxRetain: CUDA_ERROR_OUT_OF_MEMORY: out of memory")]
    [InlineData("no-stream", "the NVIDIA driver failed: cuStreamCreate: CUDA_ERROR_OUT_OF_MEMORY: out of memory")]
    public void What_keeps_every_kernel_from_running_is_a_reason(string failure, string reason)
    {
        FakeCuda.Require();
        FakeCuda.Fail(failure);
        using CudaRuntime runtime = FakeCuda.Runtime();

        Assert.Equal(reason, CudaHostTests.Kernel("flash-cuda-f32", runtime).Unavailable);
        FakeCuda.AssertNothingLives();
    }

    [Theory]
    [InlineData("out-of-memory", "cuMemAlloc: CUDA_ERROR_OUT_OF_MEMORY: out of memory (10,240 bytes)")]
    [InlineData("ptx-rejected", "cuModuleLoadDataEx: CUDA_ERROR_INVALID_PTX (ptxas fatal: unexpected token)")]
    [InlineData("no-entry", "cuModuleGetFunction: CUDA_ERROR_NOT_FOUND (flash_f32_d64)")]
    [InlineData("launch-refused", "cuLaunchKernel: CUDA_ERROR_INVALID_VALUE (flash_f32_d64, (1, 2, 1) blocks of 128 threads)")]
    [InlineData("launch-failure", "cuStreamSynchronize: CUDA_ERROR_LAUNCH_FAILED: unspecified launch failure")]
    public void A_failing_call_throws_the_drivers_words_leaves_nothing_and_works_again_later(string failure, string message)
    {
        FakeCuda.Require();
        using var launcher = new PtxLauncher();
        using Inputs inputs = AttentionInputs.Create(problem, InputFamily.Normal, seed: 1);
        using (CudaRuntime runtime = FakeCuda.Runtime())
        {
            var kernel = CudaHostTests.Kernel("flash-cuda-f32", runtime);
            for (int call = 0; call < 3; call++)
            {
                FakeCuda.Fail(failure);
                Assert.Equal(message, Assert.Throws<CudaException>(() => OracleCase.Run(kernel, problem, inputs)).Message);
            }
            FakeCuda.Fail("");
            OracleCase.AssertRight(kernel, problem);
        }
        FakeCuda.AssertNothingLives();
    }

    [Fact]
    public void A_failure_between_two_events_leaves_nothing()
    {
        FakeCuda.Require();
        using var launcher = new PtxLauncher();
        using Inputs inputs = AttentionInputs.Create(problem, InputFamily.Normal, seed: 1);
        using (CudaRuntime runtime = FakeCuda.Runtime())
        {
            var kernel = CudaHostTests.Kernel("flash-cuda-f32", runtime);
            OracleCase.AssertRight(kernel, problem);
            foreach ((string failure, string function) in ((string, string)[])[("no-event", "cuEventCreate"), ("launch-failure", "cuEventSynchronize")])
            {
                FakeCuda.Fail(failure);
                float[] output = new float[problem.QueryLength];
                string message = Assert.Throws<CudaException>(
                    () => kernel.Nanoseconds(problem, inputs["q"], inputs["k"], inputs["v"], output, 2)).Message;
                Assert.StartsWith(function, message);
            }
        }
        FakeCuda.AssertNothingLives();
    }

    [Fact]
    public void A_used_runtime_that_was_disposed_says_so()
    {
        FakeCuda.Require();
        using var launcher = new PtxLauncher();
        using Inputs inputs = AttentionInputs.Create(problem, InputFamily.Normal, seed: 1);
        CudaRuntime runtime = FakeCuda.Runtime();
        var kernel = CudaHostTests.Kernel("flash-cuda-f32", runtime);
        OracleCase.AssertRight(kernel, problem);

        runtime.Dispose();
        runtime.Dispose();

        FakeCuda.AssertNothingLives();
        Assert.Throws<ObjectDisposedException>(() => OracleCase.Run(kernel, problem, inputs));
    }
}
