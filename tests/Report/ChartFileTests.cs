using System.Xml.Linq;
using Kernels.Report.Files;
using Xunit;

namespace Kernels.Tests.Report;

/// <summary>Chart files stand alone, in any SVG program.</summary>
[RunsOnce]
public sealed class ChartFileTests(ReportFixture report) : IClassFixture<ReportFixture>
{
    [Fact]
    public void ThereIsAFileForEachChart()
    {
        string[] names = [.. report.Charts.Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];
        string[] expected =
        [
            "deviation-linear-elu.svg",
            "error-b1-h8-d64-causal-t1.svg", "error-b1-h8-d64-full-t1.svg",
            "mask-causal.svg", "mask-full.svg",
            "memory-b1-h8-d64-causal-t1.svg", "memory-b1-h8-d64-full-t1.svg",
            "roofline-b1-h8-d64-causal-t1.svg", "roofline-b1-h8-d64-full-t1.svg",
            "shape-vit-b16-b1-h12-q197-k197-d64-t2.svg",
            "shares.svg",
            "speed-b1-h8-d64-causal-t1.svg", "speed-b1-h8-d64-full-t1.svg",
            "time-b1-h8-d64-causal-t1.svg", "time-b1-h8-d64-full-t1.svg",
        ];
        Assert.Equal(expected, names);
    }

    [Fact]
    public void FilesStandAlone() => Assert.All(report.Charts, file =>
    {
        string text = File.ReadAllText(file);
        XElement root = XDocument.Parse(text).Root!;
        Assert.Equal("{http://www.w3.org/2000/svg}svg", root.Name.ToString());
        Assert.DoesNotContain("var(", text, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", text, StringComparison.Ordinal);
        Assert.DoesNotContain("∞", text, StringComparison.Ordinal);
    });

    [Fact]
    public void TextsStayInsideTheDrawing() => Assert.All(report.Charts, file =>
    {
        XElement root = XDocument.Load(file).Root!;
        (double width, double height) = ((double)root.Attribute("width")!, (double)root.Attribute("height")!);
        Assert.All(root.Descendants().Where(element => element.Name.LocalName == "text" && element.Attribute("transform") is null), text =>
        {
            double x = (double)text.Attribute("x")!;
            Assert.InRange(x, 0, width);
            Assert.InRange(x + ((double?)text.Attribute("textLength") ?? 0), 0, width);
            Assert.InRange((double)text.Attribute("y")!, 8, height - 4);
        });
    });

    [Fact]
    public void SlopeStandsBesideEachLine()
    {
        string time = File.ReadAllText(Path.Combine(report.Folder, ReportFolder.Charts, "time-b1-h8-d64-full-t1.svg"));
        Assert.Contains("flash-avx512-6x64 N²·⁰⁰", time, StringComparison.Ordinal);
        Assert.Contains("linear-elu N¹·⁰⁰", time, StringComparison.Ordinal);
        string speed = File.ReadAllText(Path.Combine(report.Folder, ReportFolder.Charts, "speed-b1-h8-d64-full-t1.svg"));
        Assert.Contains("multiply-add peak, AVX-512, 1 thread: 108", speed, StringComparison.Ordinal);
    }

    [Fact]
    public void RemakingAReportRemovesChartsOfTheEarlierOne()
    {
        using var folder = new TemporaryFolder();
        folder.Write(Synthetic.Run());
        folder.Write(Synthetic.Run() with { Cases = [] });
        string only = Assert.Single(Directory.GetFiles(folder.File(ReportFolder.Charts)));
        Assert.Equal("deviation-linear-elu.svg", Path.GetFileName(only));
    }
}
