using Kernels.Abstractions;
using Kernels.Gpu.Cuda;
using Kernels.Gpu.Cuda.Host;
using Kernels.Reference;
using Kernels.Tests.CommandLine;
using Xunit;

namespace Kernels.Tests.Cuda.Fake;

/// <summary>The second host through the same seam: the same kernels, launches and words. Skipped in a build without the package.</summary>
[Collection(nameof(FakeCuda))]
[RunsOnce]
public class ManagedCudaTests
{
    private static readonly AttentionProblem problem = new(1, 2, 1, 9, 40, 64, AttentionMask.Causal);

    [Theory]
    [InlineData("flash-cuda-f32")]
    [InlineData("flash-cuda-f16")]
    [InlineData("flash-cuda-wgmma-f16")]
    [InlineData("flash-cuda-decode-f32")]
    public void A_kernel_is_right_and_leaves_nothing(string name)
    {
        Require();
        using var launcher = new PtxLauncher();
        using (CudaRuntime runtime = Runtime())
        {
            CudaKernel kernel = CudaHostTests.Kernel(name, runtime);
            OracleCase.AssertRight(kernel, problem);
            using Inputs inputs = AttentionInputs.Create(problem, InputFamily.Normal, seed: 1);
            float[] output = new float[problem.QueryLength];
            Assert.All(kernel.Nanoseconds(problem, inputs["q"], inputs["k"], inputs["v"], output, 2), time => Assert.InRange(time, 1, 60e9));
        }
        FakeCuda.AssertNothingLives();
    }

    [Theory]
    [InlineData("out-of-memory", "cuMemAlloc: CUDA_ERROR_OUT_OF_MEMORY: out of memory (4,608 bytes)")]
    [InlineData("ptx-rejected", "cuModuleLoadDataEx: CUDA_ERROR_INVALID_PTX (ptxas fatal: unexpected token)")]
    [InlineData("launch-refused", "cuLaunchKernel: CUDA_ERROR_INVALID_VALUE (flash_f32_d64, (1, 2, 1) blocks of 128 threads)")]
    [InlineData("launch-failure", "cuStreamSynchronize: CUDA_ERROR_LAUNCH_FAILED: unspecified launch failure")]
    public void A_failing_call_says_what_the_other_host_says_and_leaves_nothing(string failure, string message)
    {
        Require();
        using Inputs inputs = AttentionInputs.Create(problem, InputFamily.Normal, seed: 1);
        using (CudaRuntime runtime = Runtime())
        {
            Assert.Null(runtime.Unavailable);
            FakeCuda.Fail(failure);
            Assert.Equal(message, Assert.Throws<CudaException>(() => OracleCase.Run(CudaHostTests.Kernel("flash-cuda-f32", runtime), problem, inputs)).Message);
            FakeCuda.Fail("");
        }
        FakeCuda.AssertNothingLives();
    }

    [Theory]
    [InlineData("no-device", "the NVIDIA driver shows no CUDA device")]
    [InlineData("old-driver", "the NVIDIA driver is too old: it is for CUDA 10.2, and the kernels need 12.0")]
    [InlineData("no-stream", "the NVIDIA driver failed: cuStreamCreate: CUDA_ERROR_OUT_OF_MEMORY: out of memory")]
    public void What_keeps_every_kernel_from_running_is_a_reason(string failure, string reason)
    {
        Require();
        FakeCuda.Fail(failure);
        using CudaRuntime runtime = Runtime();

        Assert.Equal(reason, runtime.Unavailable);
        FakeCuda.AssertNothingLives();
    }

    [Fact]
    public void Doctor_says_which_host_drives_the_kernels_or_why_it_does_not()
    {
        FakeCuda.Require();

        CommandRun run = FakeCuda.CommandOn("managedcuda", "", "doctor");

        run.RequireSuccess();
        if (CudaHosts.ManagedCudaAbsent is { } reason)
            Assert.Contains($"{reason}", Assert.Single(run.Output.Split('\n'), line => line.StartsWith("flash-cuda-f32 ")));
        else
            Assert.Matches(@"CUDA +libcuda\.so\.1 for CUDA 12\.8, through managedcuda", run.Output);
    }

    private static void Require()
    {
        if (CudaHosts.ManagedCudaAbsent is { } reason)
            Assert.Skip(reason);
        FakeCuda.Require();
    }

    private static CudaRuntime Runtime() => new(CudaHosts.ManagedCuda(Path.Combine(FakeCuda.Folder, "libcuda.so.1")), CudaCompiler.None);
}
