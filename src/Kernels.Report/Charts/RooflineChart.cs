using System.Xml.Linq;
using Kernels.Report.Formatting;

namespace Kernels.Report.Charts;

/// <summary>Rates against arithmetic intensity, with the ceilings; both axes are logarithmic.</summary>
public sealed record RooflineChart
{
    private const double Left = 78, Top = 58, Bottom = 54, Width = 1040;
    private const double PlotHeight = 430, Margin = 1.7, RoofMargin = 4, RoofSize = 11.5, GuideSize = 11;

    /// <summary>Subtitle: problem and machine.</summary>
    public required string Subtitle { get; init; }

    /// <summary>The lines, at least one: floating-point operations a byte on X, 10⁹ of them a second as values.</summary>
    public required IReadOnlyList<LineSeries> Series { get; init; }

    /// <summary>Peak rates, the highest first, each with a text.</summary>
    public IReadOnlyList<ReferenceLine> Peaks { get; init; } = [];

    /// <summary>Bandwidths in 10⁹ bytes a second, each with a text.</summary>
    public IReadOnlyList<ReferenceLine> Bandwidths { get; init; } = [];

    /// <summary>Intensities to mark, each with a text, such as a sequence length.</summary>
    public IReadOnlyList<ReferenceLine> Guides { get; init; } = [];

    /// <summary>Draws the chart.</summary>
    public XElement Draw()
    {
        const string Title = "Roofline: rate against arithmetic intensity";
        double right = Width - SeriesLayer.LabelWidth(Series);
        double bottom = Top + Math.Max(PlotHeight, SeriesLayer.LabelHeight(Series));
        var points = Series.SelectMany(line => line.Points).ToList();
        // Wide enough to show where each bandwidth line meets the peak.
        double[] columns = [.. points.Select(point => point.X), .. Bandwidths.Select(read => Peaks[0].Value / read.Value)];
        double[] rows = [.. points.SelectMany(point => new[] { point.Low, point.High }), .. Peaks.Select(peak => peak.Value)];
        (double fromX, double fromY) = (columns.Min() / (Bandwidths.Count > 0 ? RoofMargin : Margin), rows.Min() / Margin);
        var horizontal = new LogScale(fromX, columns.Max() * Margin, Left, right, space: 44);
        var vertical = new LogScale(fromY, rows.Max() * Margin, bottom, Top);
        // Right of the bandwidth lines, which have their own texts.
        double texts = 10 + Bandwidths.Select(read => horizontal.At(Peaks[0].Value / read.Value)).Append(Left).Max();
        var plot = new Axes.Plot(Left, Top, right, bottom);
        return Svg.Root(
            Width, bottom + Bottom, Title, Subtitle,
            Svg.Text(Left, 22, Title, Palette.Ink, size: 16, bold: true),
            Svg.Text(Left, 41, Subtitle, Palette.Muted),
            Axes.Draw(plot, horizontal, vertical, Numbers.Tick, Numbers.Tick),
            Svg.Text((Left + right) / 2, bottom + 42, "floating-point operations needed per byte that must be moved (FLOP/B)", Palette.Ink, "middle"),
            Svg.Text(18, (Top + bottom) / 2, "exact GFLOP/s", Palette.Ink, "middle", rotate: -90),
            DrawGuides(horizontal, bottom),
            Bandwidths.Select(read => Slope(read, horizontal, vertical, fromX, fromY)),
            Peaks.Select((peak, index) => Flat(peak, index == 0, vertical.At(peak.Value), right)),
            new SeriesLayer(Series, horizontal, vertical, plot).Draw(),
            Peaks.Select(peak => Svg.WithHalo(Svg.Text(texts, vertical.At(peak.Value) - 6, peak.Text!, Palette.Ink, size: RoofSize))));
    }

    private IEnumerable<XElement> DrawGuides(LogScale horizontal, double bottom)
    {
        double free = Left;
        foreach (ReferenceLine guide in Guides.OrderBy(guide => guide.Value))
        {
            double x = horizontal.At(guide.Value);
            yield return Svg.Stroke(Svg.Path($"M{x} {Top + 20}V{bottom}"), Palette.Frame, 1, "2 4");
            double half = Svg.TextWidth(guide.Text!, GuideSize) / 2;
            if (x - half < free)
                continue;
            free = x + half + 4;
            yield return Svg.WithHalo(Svg.Text(x, Top + 15, guide.Text!, Palette.Muted, "middle", GuideSize));
        }
    }

    private static XElement Flat(ReferenceLine peak, bool isHighest, double y, double right) => Svg.Stroke(
        Svg.Path($"M{Left} {y}H{right}"), isHighest ? Palette.Ink : Palette.Muted, isHighest ? 2 : 1.2, isHighest ? null : "6 4");

    private XElement Slope(ReferenceLine read, LogScale horizontal, LogScale vertical, double fromX, double fromY)
    {
        double begin = Math.Max(fromX, fromY / read.Value);
        double end = Peaks[0].Value / read.Value;
        (double x1, double y1, double x2, double y2) =
            (horizontal.At(begin), vertical.At(begin * read.Value), horizontal.At(end), vertical.At(Peaks[0].Value));
        double angle = Math.Atan2(y2 - y1, x2 - x1) * 180 / Math.PI;
        double length = Math.Sqrt((x2 - x1) * (x2 - x1) + (y2 - y1) * (y2 - y1));
        (double alongX, double alongY) = ((x2 - x1) / length, (y2 - y1) / length);
        // Slightly along the line and above it.
        (double x, double y) = (x1 + 12 * alongX + 5 * alongY, y1 + 12 * alongY - 5 * alongX);
        return Svg.Group(
            "roof", null,
            Svg.Stroke(Svg.Path($"M{x1} {y1}L{x2} {y2}"), Palette.Muted, 1.6),
            Svg.WithHalo(Svg.Text(x, y, read.Text!, Palette.Muted, size: RoofSize, rotate: angle)));
    }
}
