using Kernels.Abstractions;
using Kernels.Gpu.Cuda;
using Kernels.Reference;
using Kernels.Validation;
using Xunit;

namespace Kernels.Tests.Cuda.Fake;

/// <summary>The real host code and the real PTX, end to end, on a driver without a device: outputs pass the gate.</summary>
[Collection(nameof(FakeCuda))]
[RunsOnce]
public class CudaHostTests
{
    [Theory]
    [InlineData("flash-cuda-f32", "b1-h2-q70-k70-d64-causal")]
    [InlineData("flash-cuda-f32", "b2-h4/2-q33-k50-d128")]
    [InlineData("flash-cuda-f32", "b1-h2-q50-k20-d64-causal")]
    [InlineData("flash-cuda-f16", "b1-h2-q70-k70-d64-causal")]
    [InlineData("flash-cuda-f16", "b2-h4/2-q33-k50-d128")]
    [InlineData("flash-cuda-f16", "b1-h1-q130-k60-d64-window20")]
    [InlineData("flash-cuda-decode-f32", "b1-h4/2-q1-k300-d64")]
    [InlineData("flash-cuda-decode-f32", "b2-h4/1-q3-k140-d128-causal")]
    [InlineData("flash-cuda-bf16", "b1-h2-q70-k70-d64-causal")]
    [InlineData("flash-cuda-wgmma-f16", "b2-h4/2-q33-k50-d128")]
    [InlineData("flash-cuda-wgmma-bf16", "b1-h1-q130-k150-d64-window40")]
    [InlineData("flash-cuda-decode-f16", "b1-h4/2-q1-k300-d64")]
    [InlineData("flash-cuda-decode-bf16", "b2-h4/1-q3-k140-d128-causal")]
    [InlineData("flash-cuda-lse-f32", "b1-h2-q50-k20-d64-causal")]
    [InlineData("flash-cuda-step-f32", "b1-h2-q50-k20-d64-causal")]
    [InlineData("flash-cuda-lse-f16", "b1-h2-q50-k20-d64-causal")]
    [InlineData("flash-cuda-step-wgmma-bf16", "b1-h2-q50-k20-d64-causal")]
    [InlineData("flash-cuda-decode-lse-f32", "b1-h4/2-q3-k140-d64-causal")]
    [InlineData("flash-cuda-decode-step-f16", "b1-h4/2-q3-k140-d64-causal")]
    [InlineData("flash-cuda-f16-out16", "b1-h2-q50-k20-d64-causal")]
    [InlineData("flash-cuda-wgmma-bf16-out16", "b2-h4/2-q33-k50-d128")]
    [InlineData("flash-cuda-lse-wgmma-f16-out16", "b1-h2-q50-k20-d64-causal")]
    [InlineData("flash-cuda-lse-bf16-out16", "b1-h4/2-q33-k50-d64")]
    [InlineData("flash-cuda-backward-f32", "b2-h2/1-q50-k20-d64-causal")]
    [InlineData("flash-cuda-backward-f32", "b1-h2-q33-k50-d128")]
    [InlineData("flash-cuda-backward-f16", "b2-h2/1-q50-k20-d64-causal")]
    [InlineData("flash-cuda-backward-bf16", "b1-h2-q33-k50-d128")]
    public void A_kernel_passes_the_gate_and_leaves_nothing(string name, string shape)
    {
        FakeCuda.Require();
        using var launcher = new PtxLauncher();
        AttentionProblem problem = ProblemName.Parse(shape);
        using (CudaRuntime runtime = FakeCuda.Runtime())
        {
            CudaKernel kernel = Kernel(name, runtime);
            Assert.Null(kernel.WhyNot(problem));
            Assert.True(kernel.Backend.IsEmulated);
            Assert.Equal("test double (emulator)", kernel.Backend.Name);

            foreach (InputFamily family in (InputFamily[])[InputFamily.Normal, InputFamily.Resonance])
            {
                using Inputs inputs = References.Suite.Of(kernel.Info.Operation).CreateInputs(problem, family, seed: 1);
                using Inputs rounded = inputs.RoundedTo(kernel.Info.Format.Input);
                Verdict verdict = Gate.Run(kernel, OracleCase.Expect(kernel, rounded));
                Assert.True(verdict.Passed, $"{family}: {verdict.Message} {launcher.Complaint}");
            }
        }
        FakeCuda.AssertNothingLives();
    }

    // One launch of the call, and of the timed one a first launch and three that are timed; what is accumulated is then put back and joined once.
    [Theory]
    [InlineData("flash-cuda-f16", "flash_f16_d64", 1 + 1 + 3)]
    [InlineData("flash-cuda-step-f32", "flash_f32_d64", 1 + 1 + 3 + 1)]
    public void A_timed_call_tells_the_device_time_of_each_launch_and_computes_the_same(string name, string entry, int launches)
    {
        FakeCuda.Require();
        using var launcher = new PtxLauncher();
        var problem = new AttentionProblem(1, 2, 1, 20, 40, 64);
        using (CudaRuntime runtime = FakeCuda.Runtime())
        {
            CudaKernel kernel = Kernel(name, runtime);
            using Inputs inputs = AttentionInputs.Create(problem, InputFamily.Normal, seed: 1);
            float[] once = new float[problem.QueryLength], timed = new float[problem.QueryLength];
            kernel.Forward(problem, inputs["q"], inputs["k"], inputs["v"], once);

            double[] times = kernel.Nanoseconds(problem, inputs["q"], inputs["k"], inputs["v"], timed, calls: 3);

            Assert.Equal(3, times.Length);
            Assert.All(times, time => Assert.InRange(time, 1, 60e9));
            Assert.Equal(once, timed);
            // Inputs come in their format, and nothing else runs.
            Assert.Equal(Enumerable.Repeat(entry, launches), launcher.Launched);
        }
        FakeCuda.AssertNothingLives();
    }

    [Fact]
    public void Buffers_are_kept_from_call_to_call_and_grow()
    {
        FakeCuda.Require();
        using var launcher = new PtxLauncher();
        using (CudaRuntime runtime = FakeCuda.Runtime())
        {
            CudaKernel kernel = Kernel("flash-cuda-f32", runtime);
            foreach (int queries in (int[])[4, 9, 2])
                OracleCase.AssertRight(kernel, new AttentionProblem(1, 1, 1, queries, 2 * queries, 64));
        }
        FakeCuda.AssertNothingLives();
    }

    [Theory]
    [InlineData("flash-cuda-f32", "b1-h1-q4-k4-d80", "has no entry for head dimension 80, only for 64 and 128")]
    [InlineData("flash-cuda-f16", "b1-h1-q4-k4-d13", "has no entry for head dimension 13, only for 64 and 128")]
    [InlineData("flash-cuda-decode-f32", "b1-h1-q17-k40-d64", "takes at most 16 queries")]
    [InlineData("flash-cuda-f32", "b70000-h1-q1-k1-d64", "takes at most 65,535 heads and as many sequences")]
    [InlineData("flash-cuda-f16", "b1-h64-q50000-k50000-d128", "of device memory; test double (emulator) has 1,024 MiB")]
    [InlineData("flash-cuda-f32", "b1-h1-q4-k4-d128v64", "takes values as wide as keys, not 64 channels beside 128")]
    [InlineData("flash-cuda-f16", "b1-h1-q4-k4-d64-bshd", "takes tensors in head-major order alone")]
    public void What_it_cannot_compute_it_refuses_with_the_reason(string name, string shape, string reason)
    {
        FakeCuda.Require();
        using CudaRuntime runtime = FakeCuda.Runtime();

        Assert.Contains(reason, Kernel(name, runtime).WhyNot(ProblemName.Parse(shape)));
    }

    /// <summary>q, k, v and output of 2²⁵ numbers each are 512 MiB in float32; with halves for inputs they are 320 MiB.</summary>
    [Theory]
    [InlineData("flash-cuda-f32", 8, null)]
    [InlineData("flash-cuda-f32", 17, "needs 1,088 MiB of device memory; test double (emulator) has 1,024 MiB")]
    [InlineData("flash-cuda-f16", 25, null)]
    [InlineData("flash-cuda-f16", 26, "needs 1,040 MiB of device memory; test double (emulator) has 1,024 MiB")]
    public void Inputs_in_halves_need_half_the_memory(string name, int heads, string? reason)
    {
        FakeCuda.Require();
        using CudaRuntime runtime = FakeCuda.Runtime();

        Assert.Equal(reason, Kernel(name, runtime).WhyNot(new AttentionProblem(1, heads, heads, 1 << 15, 1 << 15, 128)));
    }

    [Fact]
    public void The_kernels_have_these_names_in_the_order_of_the_report()
    {
        FakeCuda.Require();
        using CudaRuntime runtime = FakeCuda.Runtime();

        string[] names =
        [
            .. Named(
                ["flash-cuda{0}-f32", "flash-cuda{0}-f16", "flash-cuda{0}-wgmma-f16", "flash-cuda{0}-bf16", "flash-cuda{0}-wgmma-bf16"], ["", "-lse", "-step"]),
            .. Named(["flash-cuda{0}-f16-out16", "flash-cuda{0}-wgmma-f16-out16", "flash-cuda{0}-bf16-out16", "flash-cuda{0}-wgmma-bf16-out16"], ["", "-lse"]),
            .. Named(["flash-cuda-decode{0}-f32", "flash-cuda-decode{0}-f16", "flash-cuda-decode{0}-bf16"], ["", "-lse", "-step"]),
            "flash-cuda-backward-f32", "flash-cuda-backward-f16", "flash-cuda-backward-bf16",
        ];
        Assert.Equal(names, CudaKernels.On(runtime).Select(kernel => kernel.Info.Name));
        string?[] earlier = [null, "flash-portable-6x8", "flash-backward-portable", .. names];
        Assert.All(CudaKernels.On(runtime), kernel => Assert.Contains(kernel.Info.BuildsOn, earlier));
        Assert.All(CudaKernels.On(runtime), kernel => Assert.Null(kernel.Unavailable));

        static IEnumerable<string> Named(string[] kernels, string[] operations) =>
            kernels.SelectMany(kernel => operations.Select(operation => string.Format(null, kernel, operation)));
    }

    /// <summary>Products of warpgroups are of compute capability 9.0, which the test double has unless it is told otherwise.</summary>
    [Fact]
    public void Another_device_takes_the_other_code_and_lacks_what_only_that_of_9_0_has()
    {
        FakeCuda.Require();
        FakeCuda.Fail("ampere");
        using var launcher = new PtxLauncher();
        using (CudaRuntime runtime = FakeCuda.Runtime())
        {
            foreach (CudaKernel kernel in CudaKernels.On(runtime).Cast<CudaKernel>())
            {
                Assert.Equal(
                    kernel.Info.Name.Contains("wgmma") ? "compute capability 9.0 is needed; test double (emulator) has 8.6" : null, kernel.Unavailable);
            }
            Assert.Equal("PTX for sm_80 of this project (NVRTC was not asked)", runtime.Session.Program.Origin);
            OracleCase.AssertRight(Kernel("flash-cuda-f16", runtime), new AttentionProblem(1, 1, 1, 20, 40, 128));
            Assert.Null(launcher.Complaint);
        }
        FakeCuda.Fail("");
        FakeCuda.AssertNothingLives();
    }

    [Fact]
    public void What_a_block_needs_of_shared_memory_is_asked_of_the_device()
    {
        FakeCuda.Require();
        using CudaRuntime runtime = FakeCuda.Runtime();

        // 160 KiB, which no device of another compute capability than 8.0 and 9.0 has.
        Assert.Null(Kernel("flash-cuda-wgmma-f16", runtime).WhyNot(new AttentionProblem(1, 1, 1, 20, 40, 128)));
    }

    [Fact]
    public void A_device_can_be_named()
    {
        FakeCuda.Require();
        foreach (string wish in (string[])["0", "Double"])
        {
            using CudaRuntime runtime = FakeCuda.Runtime(wish);
            Assert.Null(runtime.Unavailable);
        }
        using CudaRuntime none = FakeCuda.Runtime("H100");
        Assert.Equal("no CUDA device fits --device H100; there is 0 test double", none.Unavailable);
    }

    [Fact]
    public void The_peak_programs_run()
    {
        FakeCuda.Require();
        using var launcher = new PtxLauncher();
        using (CudaRuntime runtime = FakeCuda.Runtime())
        {
            foreach (string name in (string[])["flash-cuda-f32", "flash-cuda-f16", "flash-cuda-wgmma-bf16"])
            {
                DevicePeaks peaks = Kernel(name, runtime).MeasurePeaks(iterations: 2)!;
                Assert.True(peaks is { Gflops: > 0, CopyGigabytesPerSecond: > 0 }, $"{peaks} {launcher.Complaint}");
            }
        }
        FakeCuda.AssertNothingLives();
    }

    internal static CudaKernel Kernel(string name, CudaRuntime runtime) =>
        CudaKernels.On(runtime).Cast<CudaKernel>().Single(kernel => kernel.Info.Name == name);
}
