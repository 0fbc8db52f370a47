using System.Xml.Linq;
using Kernels.Report.Files;
using Kernels.Results;
using Xunit;
using Line = Kernels.Tests.Report.SyntheticSweep.Line;

namespace Kernels.Tests.Report;

/// <summary>The two times of a device are drawn against length.</summary>
[RunsOnce]
public sealed class DeviceChartTests
{
    private const string Chart = "device-b1-h8-d64-full-t1.svg";

    private static readonly int[] lengths = [128, 256, 512];

    [Fact]
    public void LaunchesAndCallsEndToEndHaveALineEach()
    {
        using var folder = new TemporaryFolder();
        RunResults run = SyntheticSweep.Run(lengths, new Line("simd-a", n => 5e3 * n), new Line("gpu-b", n => 1e3 * n) { Device = "a GPU" });
        string page = folder.Write(run with { Cases = [.. run.Cases.Select(Timed)] });
        IEnumerable<string> texts = XElement.Load(Path.Combine(folder.File(ReportFolder.Charts), Chart)).Descendants()
            .Where(element => element.Name.LocalName == "text").Select(text => text.Value);
        Assert.Equal(["gpu-b device", "gpu-b end to end"], texts.Where(text => text.StartsWith("gpu-b", StringComparison.Ordinal)).Order());
        Assert.Contains("gpu-b on the device, N = 512\\nb1-h8-q512-k512-d64, 1 thread\\n128", page, StringComparison.Ordinal);
        Assert.Contains("by the clock of the device, a GPU.", page, StringComparison.Ordinal);

        // A quarter of the time is that of the launches.
        static CaseResult Timed(CaseResult result) => result.Kernel != "gpu-b" ? result : result with
        {
            Device = new DeviceResult
            {
                Timing = new Timing(result.Timing!.MedianNs / 4, result.Timing.LowNs / 4, result.Timing.HighNs / 4, 9),
                ExactGflops = 4 * result.ExactGflops!.Value,
                DenseGflops = 4 * result.DenseGflops!.Value,
                GigabytesPerSecond = 1,
            },
        };
    }

    [Fact]
    public void WithoutTheClockOfADeviceThereIsNoSuchChart()
    {
        using var folder = new TemporaryFolder();
        folder.Write(SyntheticSweep.Run(lengths, new Line("gpu-b", n => 1e3 * n) { Device = "a GPU" }));
        Assert.False(File.Exists(Path.Combine(folder.File(ReportFolder.Charts), Chart)));
    }
}
