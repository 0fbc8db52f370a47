using System.Xml.Linq;

namespace Kernels.Report.Charts;

/// <summary>Lines with markers and intervals inside a plot, and a column of labels beside it that never overlap.</summary>
/// <param name="Series">The lines, at least one.</param>
/// <param name="Horizontal">Horizontal axis.</param>
/// <param name="Vertical">Vertical axis.</param>
/// <param name="Plot">Where the data is drawn.</param>
internal sealed record SeriesLayer(IReadOnlyList<LineSeries> Series, Scale Horizontal, Scale Vertical, Axes.Plot Plot)
{
    private const double LabelGap = 15, LabelIndent = 34, LabelSize = 11.5;

    /// <summary>Pixels that the labels take beside the plot.</summary>
    public static double LabelWidth(IReadOnlyList<LineSeries> series) =>
        LabelIndent + 24 + series.Max(line => Svg.TextWidth(line.Label, LabelSize, bold: !line.IsFaint));

    /// <summary>Pixels that the labels take from top to bottom.</summary>
    public static double LabelHeight(IReadOnlyList<LineSeries> series) => series.Count * LabelGap + 12;

    /// <summary>Draws the lines, faint ones below the others.</summary>
    public IEnumerable<XElement> Draw()
    {
        double[] ends = [.. Series.Select(line => Vertical.At(line.Points[^1].Value))];
        double[] labels = LabelColumn.Place(ends, LabelGap, Plot.Top + 6, Plot.Bottom - 6);
        return Enumerable.Range(0, Series.Count).OrderByDescending(index => Series[index].IsFaint)
            .Select(index => Line(Series[index], ends[index], labels[index]));
    }

    private XElement Line(LineSeries line, double end, double label) => Svg.Group(
        "series", line.Kernel,
        Svg.Stroke(
            Svg.Polyline(line.Points.Select(point => (Horizontal.At(point.X), Vertical.At(point.Value)))),
            line.Style.Paint, line.IsFaint ? 1.2 : 2.2, line.Style.Dashes, line.IsFaint ? 0.6 : null),
        line.Points.Select(point => Point(line.Style, point)),
        Label(line, Horizontal.At(line.Points[^1].X), end, label));

    private XElement Point(SeriesStyle style, LinePoint point)
    {
        (double x, double low, double high) = (Horizontal.At(point.X), Vertical.At(point.Low), Vertical.At(point.High));
        return Svg.Group(
            "point", null, Svg.Hint(point.Hint),
            Math.Abs(high - low) <= Markers.Size
                ? null
                : Svg.Stroke(Svg.Path($"M{x} {low}V{high}M{x - 6} {low}h12M{x - 6} {high}h12"), style.Paint, 1.2),
            Markers.Draw(style, x, Vertical.At(point.Value)));
    }

    private XElement Label(LineSeries line, double fromX, double fromY, double y)
    {
        double x = Plot.Right + LabelIndent;
        return Svg.Group(
            "label", null,
            Svg.Stroke(Svg.Path($"M{fromX + 7} {fromY}L{Plot.Right + 6} {fromY}L{x - 8} {y}"), line.Style.Paint, 1, "1 2", 0.75),
            Markers.Draw(line.Style, x, y),
            Svg.Text(x + 10, y + 4, line.Label, line.Style.Paint, size: LabelSize, bold: !line.IsFaint));
    }
}
