using System.Xml.Linq;
using Kernels.Report.Files;
using Kernels.Report.Model;
using Xunit;
using Line = Kernels.Tests.Report.SyntheticSweep.Line;

namespace Kernels.Tests.Report;

/// <summary>What each idea won over the kernel that it builds on.</summary>
[RunsOnce]
public sealed class LadderTests
{
    private static readonly int[] lengths = [128, 256, 512];

    private static readonly Line[] lines =
    [
        new(ReportData.Baseline, n => 40.0 * n * n) { Without = [512] },
        new("simd-rows", n => 10.0 * n * n) { BuildsOn = ReportData.Baseline },
        new("simd-lanes", n => 2.0 * n * n) { BuildsOn = "simd-rows" },
        new("naive-online", n => 50.0 * n * n) { BuildsOn = ReportData.Baseline },
        new("peer-slow", n => 8.0 * n * n),
    ];

    [Fact]
    public void GainIsTheRatioToTheKernelBuiltOn()
    {
        Ladder ladder = Ladder.Of(SyntheticSweep.Of(lengths, lines))!;
        Assert.Equal(
            [(ReportData.Baseline, null), ("naive-online", 0.8), ("simd-rows", 4.0), ("simd-lanes", 5.0)],
            ladder.Rungs.Select(rung => (rung.Case.Result.Kernel, rung.Gain is { } gain ? Math.Round(gain.Value, 6) : (double?)null)));
        Ratio lanes = ladder.Rungs[^1].Gain!.Value;
        Assert.Equal(5 * 0.98 / 1.02, lanes.Low, 6);
        Assert.Equal(5 * 1.02 / 0.98, lanes.High, 6);
    }

    [Fact]
    public void ItReadsFromTheFirstIdeaToTheBest()
    {
        Ladder ladder = Ladder.Of(SyntheticSweep.Of(lengths, lines))!;
        Assert.Equal([0, 1, 1, 2], ladder.Rungs.Select(rung => rung.Depth));
        Assert.Equal(ladder.Rungs.Min(rung => rung.Case.Nanoseconds), ladder.Rungs[^1].Case.Nanoseconds);
        Assert.Equal(["peer-slow"], ladder.Peers.Select(peer => peer.Result.Kernel));
    }

    [Fact]
    public void ItStandsWhereMostRungsCanBeComparedAndThereAtTheLongest() =>
        // At 512 the first kernel is missing, so two rungs have nothing to be compared with.
        Assert.Equal(256, Ladder.Of(SyntheticSweep.Of(lengths, lines))!.Length);

    [Fact]
    public void AKernelWhoseParentIsMissingStandsAlone()
    {
        Sweep sweep = SyntheticSweep.Of(
            lengths, new Line("flash-a", n => n) { BuildsOn = "flash-none" }, new Line("flash-b", n => n / 2.0) { BuildsOn = "flash-a" });
        Rung first = Ladder.Of(sweep)!.Rungs[0];
        Assert.Equal(("flash-a", 0, null), (first.Case.Result.Kernel, first.Depth, first.Gain));
        Assert.Null(Ladder.Gain(sweep, "flash-a", 128));
        Assert.Equal(2, Ladder.Gain(sweep, "flash-b", 128)!.Value.Value, 6);
    }

    [Fact]
    public void KernelsThatBuildOnEachOtherAreAllShown()
    {
        Sweep sweep = SyntheticSweep.Of(
            lengths, new Line("flash-a", n => n) { BuildsOn = "flash-b" }, new Line("flash-b", n => n / 2.0) { BuildsOn = "flash-a" });
        Assert.Equal(2, Ladder.Of(sweep)!.Rungs.Count);
    }

    [Fact]
    public void WithoutRungsThereIsNoLadder() => Assert.Null(Ladder.Of(SyntheticSweep.Of(lengths, new Line("flash-a", n => n))));

    [Fact]
    public void TheChartHasEveryKernelItsGainAndItsIdea()
    {
        using var folder = new TemporaryFolder();
        folder.Write(SyntheticSweep.Run(lengths, lines));
        XElement chart = XElement.Load(Path.Combine(folder.File(ReportFolder.Charts), "ladder-b1-h8-d64-full-t1.svg"));
        List<string> texts = [.. chart.Descendants().Where(element => element.Name.LocalName == "text").Select(text => text.Value)];
        Assert.Contains("5.00× (4.80–5.20)", texts);
        Assert.Contains("The idea of simd-lanes", texts);
        Assert.Contains("softmax at the multiply-add peak", texts);
        Assert.All(lines, line => Assert.Single(texts, line.Name));
    }
}
