using System.Text.Json;
using Kernels.Abstractions;
using Kernels.Bench;
using Kernels.Gpu.OpenCL;
using Xunit;

namespace Kernels.Tests.CommandLine;

[Collection(nameof(Measurement.Alone))]
[RunsOnce]
public class DeviceTests
{
    [Theory]
    [InlineData("gpu", true)]
    [InlineData("GPU", true)]
    [InlineData("cpu", false)]
    [InlineData("cuda", false)]
    [InlineData("opencl", true)]
    [InlineData("radeon", true)]
    [InlineData("vega", false)]
    public void A_wish_is_a_kind_a_driver_or_part_of_a_name(string wish, bool fits) =>
        Assert.Equal(fits, new DeviceWish(wish).Fits(DeviceWish.OpenCl, DeviceKind.Gpu, "AMD Radeon", "CUDA-like platform"));

    [Fact]
    public void A_wish_has_kernels_of_its_own_and_always_the_same()
    {
        Assert.Same(Catalog.All, Catalog.On(null));
        Assert.Same(Catalog.On(new("cpu")), Catalog.On(new("cpu")));
        Assert.Equal(Catalog.All.Select(kernel => kernel.Info.Name), Catalog.On(new("cpu")).Select(kernel => kernel.Info.Name));
    }

    [Theory]
    [InlineData("run")]
    [InlineData("compare", "gpu-opencl-flash")]
    [InlineData("verify")]
    [InlineData("list")]
    public async Task A_device_that_nobody_has_is_refused_in_one_line(params string[] command)
    {
        string line = await CommandRun.Refused([.. command, "--device", "no-such-device"]);
        Assert.StartsWith("--device no-such-device finds no device: ", line);
        Assert.Contains("empty argument", await CommandRun.Refused([.. command, "--device", ""]));
    }

    [Fact]
    public async Task The_wish_reaches_the_kernels_and_the_results()
    {
        OpenClDevice? cpu = OpenClDevice.Present.FirstOrDefault(device => device.Kind == DeviceKind.Cpu);
        Assert.SkipWhen(cpu is null, "no OpenCL device made of the processor");
        using JsonDocument list = JsonDocument.Parse((await CommandRun.Of("list", "--json", "--kernels", "gpu-opencl-flash", "--device", "cpu")).Output);
        Assert.Equal(cpu.ToString(), list.RootElement[0].GetProperty("device").GetString());

        using var folder = new TemporaryFolder();
        CommandRun run = await CommandRun.Of(
            "run", "--kernels", "naive-triple-loop,gpu-opencl-tiled", "--shapes",
            "h1-q8-d8", "--threads", "all", "--device", "CPU", "--out", folder.File("run"));
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        using JsonDocument results = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder.File("run"), "results.json")));
        JsonElement info = results.RootElement.GetProperty("run");
        Assert.Equal("CPU", info.GetProperty("device").GetString());
        Assert.Contains("--device CPU", info.GetProperty("command").GetString());
        Assert.Contains("with --device CPU", await CommandRun.Refused(
            "run", "--resume", folder.File("run"), "--kernels", "naive-triple-loop,gpu-opencl-tiled", "--shapes", "h1-q8-d8", "--threads", "all"));
    }
}
