using System.Xml.Linq;
using Kernels.Report.Files;
using Xunit;
using Line = Kernels.Tests.Report.SyntheticSweep.Line;

namespace Kernels.Tests.Report;

/// <summary>The chart of operands and scratch.</summary>
[RunsOnce]
public sealed class MemoryTests : IDisposable
{
    private static readonly int[] lengths = [128, 256, 512];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void OperandsAndScratchStandWithTheirGrowth()
    {
        folder.Write(SyntheticSweep.Run(lengths, new Line("flash-tile", n => n), new Line("naive-none", n => n) { ScratchBytes = 0 }));
        List<string> texts = Texts();
        Assert.Contains("operands q, k, v, o", texts);
        Assert.Contains("flash-tile 64\u00A0KiB, N⁰·⁰⁰", texts);
        Assert.Contains("Without any scratch: naive-none.", File.ReadAllText(folder.File(ReportFolder.Page)), StringComparison.Ordinal);
    }

    [Fact]
    public void TicksArePowersOfTwo()
    {
        // 128 tokens of 8 heads of 64 channels are 1 MiB in four tensors.
        folder.Write(SyntheticSweep.Run(lengths, new Line("flash-tile", n => n) { ScratchBytes = 1 << 20 }));
        Assert.All(["1\u00A0MiB", "2\u00A0MiB", "4\u00A0MiB"], tick => Assert.Contains(tick, Texts()));
    }

    private List<string> Texts() =>
        [.. XElement.Load(Path.Combine(folder.File(ReportFolder.Charts), "memory-b1-h8-d64-full-t1.svg"))
            .Descendants().Where(element => element.Name.LocalName == "text").Select(text => text.Value)];
}
