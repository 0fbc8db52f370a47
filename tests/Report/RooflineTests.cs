using System.Text.RegularExpressions;
using System.Xml.Linq;
using Kernels.Report.Files;
using Kernels.Report.Model;
using Kernels.Results;
using Xunit;
using Line = Kernels.Tests.Report.SyntheticSweep.Line;

namespace Kernels.Tests.Report;

/// <summary>What the machine allows.</summary>
[RunsOnce]
public sealed class RooflineTests
{
    private static readonly Line flash = new("flash-a", n => 1e3 * n);

    [Theory]
    [InlineData("b1-h8-q512-k512-d64", 128)]
    [InlineData("b1-h8-q512-k512-d64-causal", 64.125)]
    [InlineData("b1-h8/2-q1-k4096-d64", 2)]
    [InlineData("b1-h8/2-q1-k4096-d64-window511+0", 1.9845)]
    public void IntensityIsOfTheProblem(string problem, double expected)
    {
        // 4·d operations a visible pair and head, over 4 bytes of 2·(queries + seen keys) rows: N/4 for self-attention without a mask.
        double fast = Roofline.Intensity(Case(flash, problem))!.Value;
        double slow = Roofline.Intensity(Case(flash with { Nanoseconds = n => 9e3 * n }, problem))!.Value;
        Assert.Equal(expected, fast, expected * 1e-3);
        Assert.Equal(fast, slow, 1e-9);
    }

    [Fact]
    public void AComputeBoundProblemIsMeasuredAgainstThePeak()
    {
        ReportCase shown = Case(flash, "b1-h8-q512-k512-d64");
        Roofline roof = Roofline.Of(shown.Run, 1)!;
        Assert.False(roof.IsBoundByReading(shown));
        Assert.Equal(shown.Result.ExactGflops!.Value / 108, roof.Share(shown)!.Value, 9);
    }

    [Theory]
    [InlineData(128, "L2", 100)]
    [InlineData(8192, "DRAM", 20)]
    public void ADecodingStepIsMeasuredAgainstTheLevelThatHoldsIt(int keys, string level, double bandwidth)
    {
        ReportCase shown = Case(flash, $"b1-h8-q1-k{keys}-d64");
        Roofline roof = Roofline.Of(shown.Run, 1)!;
        Assert.Equal(level, roof.Feeding(shown)!.Level);
        Assert.True(roof.IsBoundByReading(shown));
        // Bytes a nanosecond are 10⁹ bytes a second.
        double read = shown.MovedBytes!.Value / shown.Nanoseconds;
        Assert.Equal(read / bandwidth, roof.Share(shown)!.Value, 6);
    }

    [Fact]
    public void KeysThatNoQuerySeesAreNotRead()
    {
        ReportCase shown = Case(flash, "b1-h8-q1-k8192-d64-window127+0");
        Roofline roof = Roofline.Of(shown.Run, 1)!;
        Assert.Equal("L2", roof.Feeding(shown)!.Level);
        double bytes = 4.0 * 2 * 8 * 64 * (1 + 128);
        Assert.Equal(bytes / shown.Nanoseconds / 100, roof.Share(shown)!.Value, 6);
    }

    [Fact]
    public void ADeviceIsNotBoundByTheProcessor()
    {
        ReportCase shown = Case(flash with { Name = "gpu-a", Device = "a GPU" }, "b1-h8-q512-k512-d64");
        Assert.Null(Roofline.Of(shown.Run, 1)!.Share(shown));
    }

    [Fact]
    public void WithoutAPeakOfAsManyThreadsThereIsNoCeiling() => Assert.Null(Roofline.Of(Case(flash, "b1-h8-q512-k512-d64").Run, 3));

    [Fact]
    public void PeaksThatAreCloseShareALine()
    {
        // AVX2 reaches 100 of 108, which is one line; 58 is one of its own.
        Roofline roof = Roofline.Of(Case(flash, "b1-h8-q512-k512-d64").Run, 1)!;
        Assert.Equal(("AVX-512", 108.0), (roof.Peak.InstructionSet, roof.Peak.Gflops));
        Assert.Equal([58.0], roof.LowerPeaks.Select(peak => peak.Gflops));
    }

    [Fact]
    public void TheChartNamesEveryRoofAndLength()
    {
        using var folder = new TemporaryFolder();
        folder.Write(Run([.. new[] { 128, 256, 512 }.Select(n => SyntheticSweep.Case(flash, $"b1-h8-q{n}-k{n}-d64", 1))]));
        string chart = File.ReadAllText(Path.Combine(folder.File(ReportFolder.Charts), "roofline-b1-h8-d64-full-t1.svg"));
        List<string> texts =
            [.. XElement.Parse(chart).Descendants().Where(element => element.Name.LocalName == "text").Select(text => text.Value)];
        Assert.All(
            ["multiply-add peak, AVX-512: 108", "128 bit: 58.0", "L2 read 100 GB/s", "DRAM read 20.0 GB/s", "N = 128", "256", "512", "flash-a"],
            text => Assert.Contains(text, texts));
        Assert.Contains("Intensity is a property of the problem", File.ReadAllText(folder.File(ReportFolder.Page)), StringComparison.Ordinal);
    }

    [Fact]
    public void DecodingSaysWhichLevelItsCeilingIs()
    {
        using var folder = new TemporaryFolder();
        int[] lengths = [128, 256, 1024, 8192];
        string page = folder.Write(Run([.. lengths.Select(keys => SyntheticSweep.Case(flash, $"b1-h8-q1-k{keys}-d64", 1))]));
        Assert.Equal(
            lengths.Select(keys => keys == 128 ? "L2" : "DRAM"),
            Regex.Matches(page, "of the rate that reading from (\\w+) allows").Select(match => match.Groups[1].Value));
        Assert.Contains("N = 128 … 8192", page, StringComparison.Ordinal);
    }

    private static ReportCase Case(Line line, string problem) => new ReportData([
        Run([SyntheticSweep.Case(line, problem, 1)]) with { Kernels = SyntheticSweep.Run([128], line).Kernels }]).Cases.Single();

    private static RunResults Run(CaseResult[] cases) => SyntheticSweep.Run([128], flash) with
    {
        Cases = cases,
        Ceilings = new Ceilings
        {
            FmaPeaks = [new("128 bit", 1, 58), new("AVX-512", 1, 108), new("AVX2", 1, 100), new("AVX-512", 2, 212)],
            ReadBandwidths = [new("L2", 1, 524_288, 100), new("DRAM", 1, 268_435_456, 20), new("DRAM", 2, 268_435_456, 25)],
        },
    };
}
