using Kernels.Abstractions;
using Kernels.Gpu.Ilgpu;
using Kernels.Measurement.Cases;
using Xunit;
using static Kernels.Tests.Gpu.OpenClTesting;

namespace Kernels.Tests.Gpu;

/// <summary>The ILGPU kernels: on a stand-in, and on ILGPU's emulator.</summary>
[RunsOnce]
public class IlgpuTests
{
    private static readonly IlgpuDevice gpu = new("Some GPU", DeviceWish.Cuda, DeviceKind.Gpu, false, 1024, 48 << 10, 1L << 30);
    private static readonly IlgpuDevice emulator = new("CPUAccelerator", IlgpuDevice.Emulator, DeviceKind.Cpu, true, 32, 48 << 10, 1L << 30);

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (string shape in new[] { "b1-h1-q1-k1-d1", "b2-h2/1-q5-k33-d13",
            "b1-h2-q7-k9-d40-causal", "b1-h1-q9-k7-d33-causal", "b1-h1-q6-k70-d64-window20" })
        {
            cases.Add("tiled", shape);
            cases.Add("flash", shape);
        }
        cases.Add("flash", "b1-h4/2-q19-k43-d20-causal-topleft");
        cases.Add("flash", "b1-h1-q5-k40-d256");
        cases.Add("tiled", "b1-h1-q6@20-k30@10-d16-window8");
        cases.Add("flash", "b1-h1-q6@20-k30@10-d16-window8");
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_element_equals_the_oracle_on_the_emulator(string kernel, string shape)
    {
        using IlgpuRuntime runtime = IlgpuRuntime.On(new(IlgpuDevice.Emulator));
        AttentionProblem problem = ProblemName.Parse(shape);
        var inputs = RandomInputs(problem);

        AssertEqualsOracle(problem, inputs, Run(Ilgpu(kernel, runtime), problem, inputs));
    }

    [Theory]
    [InlineData("tiled")]
    [InlineData("flash")]
    public void A_gpu_is_timed_and_an_emulator_never(string name)
    {
        var problem = new AttentionProblem(1, 2, 1, 6, 40, 16);
        var inputs = RandomInputs(problem);
        foreach (IlgpuDevice device in new[] { gpu, emulator })
        {
            using IlgpuRuntime runtime = On(device);
            DeviceKernel kernel = Ilgpu(name, runtime);
            AssertEqualsOracle(problem, inputs, Run(kernel, problem, inputs));
            Assert.Equal(device.IsEmulated, kernel.Backend.IsEmulated);
            string? reason = FairConditions.WhyNot(kernel, Environment.ProcessorCount, cold: false);
            Assert.Equal(device.IsEmulated ? "runs on CPU emulator (ILGPU), an emulated device: checked, not timed" : null, reason);
        }
    }

    [Fact]
    public void A_device_is_named_with_what_drives_it()
    {
        Assert.Equal("Some GPU (GPU, CUDA through ILGPU)", gpu.ToString());
        Assert.Equal("CPU emulator (ILGPU)", emulator.ToString());
        Assert.True(gpu.Rank < emulator.Rank);
    }

    [Theory]
    [InlineData(8, 1024, 32)]
    [InlineData(64, 1024, 32)]
    [InlineData(128, 1024, 16)]
    [InlineData(256, 1024, 4)]
    [InlineData(64, 64, 8)]
    [InlineData(64, 32, 4)]
    public void A_tile_fits_the_device(int headDim, int threads, int rows)
    {
        IlgpuDevice device = gpu with { MaxGroupThreads = threads };
        IlgpuTile tile = IlgpuTile.For(IlgpuProgram.Flash, headDim, device)!.Value;
        Assert.Equal(rows, tile.TileRows);
        Assert.InRange(tile.Threads, 1, threads);
        Assert.InRange(sizeof(float) * tile.SharedFloats(IlgpuProgram.Flash, headDim), 1, device.SharedBytes);
    }

    [Fact]
    public void What_does_not_fit_is_refused_with_the_sizes()
    {
        using IlgpuRuntime real = On(gpu), small = On(gpu with { MaxGroupThreads = 16 }), imitated = On(emulator);
        AttentionProblem large = new(1, 8, 8, 4096, 4096, 64);

        Assert.Null(Ilgpu("flash", real).WhyNot(large));
        Assert.Equal("head dimension 257 is above 256", Ilgpu("flash", real).WhyNot(new AttentionProblem(1, 1, 1, 4, 4, 257)));
        Assert.Contains("16 threads", Ilgpu("tiled", small).WhyNot(large));
        Assert.StartsWith("needs 8,200 MiB of device memory; Some GPU", Ilgpu("tiled", real).WhyNot(new AttentionProblem(1, 128, 128, 4096, 4096, 1)) ?? "");
        Assert.Contains("65,535 heads", Ilgpu("flash", real).WhyNot(new AttentionProblem(1, 65536, 65536, 1, 1, 1)));
        Assert.StartsWith("too long for CPU emulator (ILGPU): ", Ilgpu("flash", imitated).WhyNot(large));
    }

    [Fact]
    public void A_driver_that_fails_is_a_reason()
    {
        using var failed = new IlgpuRuntime(() => throw new IlgpuException(new InvalidOperationException("no more of it")));
        Assert.Equal("ILGPU: no more of it", Ilgpu("tiled", failed).Unavailable);
    }

    [Fact]
    public void A_runtime_releases_its_accelerator()
    {
        var accelerator = new FakeAccelerator(gpu);
        var runtime = new IlgpuRuntime(() => accelerator);
        Assert.Null(runtime.Unavailable);
        runtime.Dispose();
        Assert.True(accelerator.IsDisposed);
    }

    private static IlgpuRuntime On(IlgpuDevice device) => new(() => new FakeAccelerator(device));

    private static IlgpuKernel Ilgpu(string name, IlgpuRuntime runtime) => name == "tiled" ? new IlgpuTiled(runtime) : new IlgpuFlash(runtime);
}
