using System.Xml.Linq;
using Kernels.Report.Charts;
using Kernels.Report.Files;
using Kernels.Report.Model;
using Xunit;
using Line = Kernels.Tests.Report.SyntheticSweep.Line;

namespace Kernels.Tests.Report;

/// <summary>Outside programs are told from kernels of this suite wherever they are shown.</summary>
[RunsOnce]
public sealed class PeerTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly XDocument page;

    public PeerTests() => page = PageTests.Parse(folder.Write(SyntheticSweep.Run(
        [128, 256, 512],
        new Line(ReportData.Baseline, n => 40.0 * n * n),
        new Line("flash-a", n => 1.0 * n * n) { BuildsOn = ReportData.Baseline },
        new Line(SyntheticSweep.Peer, n => 1.2 * n * n) { ScratchBytes = null })));

    public void Dispose() => folder.Dispose();

    [Fact]
    public void AloneTheyAreHollowStarsOnDashedLines()
    {
        Assert.All(Enumerable.Range(0, 12).Select(rank => SeriesStyle.Of(Families.Peer, rank)), style =>
            Assert.True(style is { Marker: Marker.Star, Hollow: true, Dashes.Count: > 0 }));
        Assert.All(new[] { "naive", "simd", "flash", "sparse", "linear", "gpu", "new" }, family =>
            Assert.NotEqual(Marker.Star, SeriesStyle.Of(family, 0).Marker));
    }

    [Theory]
    [InlineData("time")]
    [InlineData("roofline")]
    [InlineData("ladder")]
    public void EveryChartMarksThem(string chart)
    {
        XElement root = XElement.Load(Path.Combine(folder.File(ReportFolder.Charts), $"{chart}-b1-h8-d64-full-t1.svg"));
        List<XElement> inPeerColour = [.. root.Descendants().Where(element =>
            string.Equals((string?)element.Attribute("stroke"), Palette.Family(Families.Peer).Light, StringComparison.OrdinalIgnoreCase))];
        // Points are filled with the background, and no line is solid: its dashes are strokes of their own.
        Assert.Contains(inPeerColour, path => (string?)path.Attribute("fill") == "white");
        Assert.All(
            inPeerColour.Where(path => (string?)path.Attribute("fill") == "none" && (string?)path.Attribute("stroke-width") == "2.2"),
            line => Assert.True(((string)line.Attribute("d")!).Count(step => step == 'm') > 3));
        Assert.Contains(root.Descendants(), element => element.Name.LocalName == "text" && element.Value.StartsWith("peer-", StringComparison.Ordinal));
    }

    [Fact]
    public void EveryTableThatListsKernelsMarksThem()
    {
        List<XElement> rows = [.. page.Descendants("th")
            .Where(cell => (string?)cell.Attribute("scope") == "row" && cell.Value.Contains(SyntheticSweep.Peer, StringComparison.Ordinal))
            .Where(cell => cell.Ancestors("section").First().Attribute("id")!.Value is "support" or "cases")];
        Assert.Equal(4, rows.Count);
        Assert.All(rows, row => Assert.Equal("peer", Assert.Single(row.Elements("span")).Value));
    }

    [Fact]
    public void TheirVersionIsShown()
    {
        string Section(string id) => page.Descendants("section").Single(section => (string?)section.Attribute("id") == id).Value;
        Assert.All(["fastest", "errors", "machine"], id =>
            Assert.Contains(SyntheticSweep.PeerVersion, Section(id), StringComparison.Ordinal));
        // The ladder breaks its lines.
        Assert.Contains(
            "1.31.1", File.ReadAllText(Path.Combine(folder.File(ReportFolder.Charts), "ladder-b1-h8-d64-full-t1.svg")), StringComparison.Ordinal);
        string[] csv = File.ReadAllLines(folder.File(CsvFile.Name));
        int column = Array.IndexOf(csv[0].Split(','), "version");
        Assert.Equal(["", "", SyntheticSweep.PeerVersion], csv[1..4].Select(row => row.Split(',')[column]));
    }

    [Fact]
    public void TheyAreNeverTheBestKernelButWhatItIsComparedWith()
    {
        var data = new ReportData([SyntheticSweep.Run(
            [128], new Line("flash-a", n => 1.0 * n * n), new Line(SyntheticSweep.Peer, n => 0.5 * n * n))]);
        HeadlineRow row = Assert.Single(new Headline(data, data.Runs[0]).Rows);
        Assert.Equal("flash-a", row.Best.Result.Kernel);
        Assert.Equal(0.5, row.OverPeer!.Value.Value, 9);
    }

    [Fact]
    public void TheirScratchIsNotKnownAndNotDrawn()
    {
        string memory = File.ReadAllText(Path.Combine(folder.File(ReportFolder.Charts), "memory-b1-h8-d64-full-t1.svg"));
        Assert.DoesNotContain(SyntheticSweep.Peer, memory, StringComparison.Ordinal);
    }
}
