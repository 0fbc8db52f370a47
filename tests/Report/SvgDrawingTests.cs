using System.Xml.Linq;
using Kernels.Report.Png;
using Xunit;

namespace Kernels.Tests.Report;

/// <summary>Charts as the renderer inside this process sees them.</summary>
[RunsOnce]
public sealed class SvgDrawingTests(ReportFixture report) : IClassFixture<ReportFixture>
{
    [Fact]
    public void EveryChartIsReadWhole() => Assert.All(report.Charts, file =>
    {
        XElement root = XDocument.Load(file).Root!;
        SvgDrawing drawing = SvgDrawing.Read(root);
        string[] drawn = ["rect", "path", "text"];
        Assert.Equal(root.Descendants().Count(element => drawn.Contains(element.Name.LocalName)), drawing.Shapes.Count);
        Assert.Equal(
            root.Descendants().Where(element => element.Name.LocalName == "text").Select(text => text.Value.Replace("  ", " ")),
            drawing.Shapes.OfType<SvgShape.Text>().Select(text => text.Content));
        Assert.Equal(((double)root.Attribute("width")!, (double)root.Attribute("height")!), (drawing.Width, drawing.Height));
        Assert.Contains("DejaVu Sans", drawing.FontFamilies);
    });

    [Fact]
    public void AttributesBecomeProperties()
    {
        SvgDrawing drawing = Read(
            """
            <g class="series"><title>hint</title>
              <path d="M0 0H9" fill="none" stroke="#123456" stroke-width="2.5" stroke-dasharray="7 3 1" stroke-opacity="0.5"/>
              <text x="3" y="4" text-anchor="end" font-weight="600" transform="rotate(-90 3 4)" paint-order="stroke"> a  b </text>
            </g>
            <rect width="4" height="3" stroke-linejoin="round"/>
            """);
        var path = Assert.IsType<SvgShape.Path>(drawing.Shapes[0]);
        Assert.Equal(("M0 0H9", null, "#123456"), (path.Commands, path.Paint.Fill, path.Paint.Stroke));
        Assert.Equal((2.5, 0.5), (path.Paint.StrokeWidth, path.Paint.StrokeOpacity));
        Assert.Equal([7, 3, 1, 7, 3, 1], path.Paint.Dashes);
        Assert.False(path.Paint.StrokeFirst);
        var text = Assert.IsType<SvgShape.Text>(drawing.Shapes[1]);
        Assert.Equal(("a b", 3.0, 4.0, 12.0), (text.Content, text.X, text.Y, text.Size));
        Assert.Equal((600, TextAnchor.End, -90.0, true), (text.Weight, text.Anchor, text.Rotation, text.Paint.StrokeFirst));
        var rect = Assert.IsType<SvgShape.Path>(drawing.Shapes[2]);
        Assert.Equal(("M0 0h4v3h-4z", "#000", null, true), (rect.Commands, rect.Paint.Fill, rect.Paint.Stroke, rect.Paint.RoundJoin));
    }

    [Theory]
    [InlineData("""<circle r="2"/>""", "<circle> cannot be drawn")]
    [InlineData("""<g opacity="0.5"/>""", """opacity="0.5" of <g> cannot be drawn""")]
    [InlineData("""<path d="M0 0" fill="red"/>""", """fill="red" of <path> cannot be drawn""")]
    [InlineData("""<path fill="none"/>""", "<path> has no d")]
    [InlineData("""<rect width="50%" height="2"/>""", """width="50%" of <rect> cannot be drawn""")]
    [InlineData("""<text x="1" y="2">a<tspan>b</tspan></text>""", "<tspan> inside <text> cannot be drawn")]
    [InlineData("""<text x="1" y="2" transform="rotate(9)">a</text>""", """transform="rotate(9)" of <text> cannot be drawn""")]
    [InlineData("""<text x="1" y="2" transform="rotate(9 0 0)">a</text>""", """transform="rotate(9 0 0)" of <text> cannot be drawn""")]
    [InlineData("""<text x="1" y="2" paint-order="markers">a</text>""", """paint-order="markers" of <text> cannot be drawn""")]
    [InlineData("<svg/>", "<svg> cannot be drawn")]
    public void WhatIsNotKnownIsRefused(string content, string reason) =>
        Assert.Equal(reason, Assert.Throws<FormatException>(() => Read(content)).Message);

    [Fact]
    public void AScaledDrawingIsRefused()
    {
        var root = XElement.Parse("""<svg viewBox="0 0 9 9" width="4" height="4"/>""");
        Assert.Contains("viewBox", Assert.Throws<FormatException>(() => SvgDrawing.Read(root)).Message);
        Assert.Contains("<html>", Assert.Throws<FormatException>(() => SvgDrawing.Read(new XElement("html"))).Message);
    }

    private static SvgDrawing Read(string content) =>
        SvgDrawing.Read(XElement.Parse($"""<svg width="40" height="20" font-size="12">{content}</svg>"""));
}
