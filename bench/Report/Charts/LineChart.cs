using System.Xml.Linq;

namespace Kernels.Bench.Report.Charts;

/// <summary>Lines over sequence length, each with a label at its end; both axes logarithmic, or the vertical one linear from zero.</summary>
public sealed record LineChart
{
    private const double Left = 78, Top = 58, Bottom = 54, Width = 1040;
    private const double LabelGap = 15, LabelIndent = 34, LabelSize = 11.5;
    private const double PlotHeight = 360;

    /// <summary>What the chart shows.</summary>
    public required string Title { get; init; }

    /// <summary>What it shows it of.</summary>
    public required string Subtitle { get; init; }

    /// <summary>Name and unit of the horizontal axis.</summary>
    public required string LengthTitle { get; init; }

    /// <summary>Name and unit of the vertical axis.</summary>
    public required string ValueTitle { get; init; }

    /// <summary>Writes a tick of the vertical axis.</summary>
    public required Func<double, string> ValueText { get; init; }

    /// <summary>Whether the vertical axis is linear from zero.</summary>
    public bool Linear { get; init; }

    /// <summary>The lines, at least one.</summary>
    public required IReadOnlyList<LineSeries> Series { get; init; }

    /// <summary>Lines to compare with.</summary>
    public IReadOnlyList<ReferenceLine> References { get; init; } = [];

    /// <summary>Draws the chart.</summary>
    public XElement Draw()
    {
        double labels = LabelIndent + 14 + Series.Max(line => Svg.TextWidth(line.Label, LabelSize)) + 10;
        double right = Width - labels;
        double bottom = Top + Math.Max(PlotHeight, Series.Count * LabelGap + 12);
        var lengths = new LengthScale([.. Series.SelectMany(line => line.Points).Select(p => p.Length).Distinct().Order()], Left, right);
        Scale values = ValueScale(bottom);
        return Svg.Root(
            Width, bottom + Bottom, Title, Subtitle,
            Svg.Text(Left, 22, Title, Palette.Ink, size: 16, bold: true),
            Svg.Text(Left, 41, Subtitle, Palette.Muted),
            Axes.Draw(new Axes.Plot(Left, Top, right, bottom), lengths, values, Numbers.Length, ValueText),
            Svg.Text((Left + right) / 2, bottom + 42, LengthTitle, Palette.Ink, "middle"),
            Svg.Text(18, (Top + bottom) / 2, ValueTitle, Palette.Ink, "middle", rotate: -90),
            References.Select(line => Rule(line, values.At(line.Value), right)),
            Lines(lengths, values, right, bottom),
            References.Select((line, index) => RuleText(line, index, values.At(line.Value), right)));
    }

    private Scale ValueScale(double bottom)
    {
        var all = Series.SelectMany(line => line.Points).ToList();
        double high = all.Select(point => point.High).Concat(References.Select(line => line.Value)).Max();
        if (Linear)
            return new LinearScale(high * 1.1, bottom, Top);
        double low = all.Select(point => point.Low).Concat(References.Select(line => line.Value)).Min();
        double margin = Math.Max(1.25, Math.Pow(high / low, 0.05));
        return new LogScale(low / margin, high * margin, bottom, Top);
    }

    private IEnumerable<XElement> Lines(LengthScale lengths, Scale values, double right, double bottom)
    {
        double[] ends = [.. Series.Select(line => values.At(line.Points[^1].Value))];
        double[] labels = LabelColumn.Place(ends, LabelGap, Top + 6, bottom - 6);
        return Series.Select((line, index) => Svg.Group(
            "series", line.Kernel,
            Svg.Stroke(
                Svg.Polyline(line.Points.Select(p => (lengths.At(p.Length), values.At(p.Value)))),
                line.Style.Paint, 2, line.Style.Dashes),
            line.Points.Select(point => Point(line.Style, point, lengths, values)),
            Label(line, lengths.At(line.Points[^1].Length), ends[index], right, labels[index])));
    }

    private static XElement Point(SeriesStyle style, LinePoint point, LengthScale lengths, Scale values)
    {
        (double x, double low, double high) = (lengths.At(point.Length), values.At(point.Low), values.At(point.High));
        return Svg.Group(
            "point", null, Svg.Hint(point.Hint),
            Math.Abs(high - low) <= Markers.Size
                ? null
                : Svg.Stroke(Svg.Path($"M{x} {low}V{high}M{x - 6} {low}h12M{x - 6} {high}h12"), style.Paint, 1.2),
            Markers.Draw(style, x, values.At(point.Value)));
    }

    private static XElement Label(LineSeries line, double fromX, double fromY, double right, double y)
    {
        double x = right + LabelIndent;
        return Svg.Group(
            "label", null,
            Svg.Stroke(Svg.Path($"M{fromX + 7} {fromY}L{right + 6} {fromY}L{x - 8} {y}"), line.Style.Paint, 1, "1 2", 0.75),
            Markers.Draw(line.Style, x, y),
            Svg.Text(x + 10, y + 4, line.Label, line.Style.Paint, size: LabelSize));
    }

    private static XElement Rule(ReferenceLine line, double y, double right) => Svg.Stroke(
        Svg.Path($"M{Left} {y}H{right}"), line.Strong ? Palette.Ink : Palette.Muted, line.Strong ? 2 : 1.2, line.Strong ? null : "6 4");

    private static XElement? RuleText(ReferenceLine line, int index, double y, double right)
    {
        // Neighbouring ceilings are often close: their texts go to different ends of the line.
        bool atLeft = index % 2 == 0;
        return line.Text is null
            ? null
            : Svg.WithHalo(Svg.Text(atLeft ? Left + 8 : right - 8, y - 6, line.Text, Palette.Ink, atLeft ? "start" : "end", 11.5));
    }
}
