using System.Xml.Linq;
using Kernels.Report.Formatting;

namespace Kernels.Report.Charts;

/// <summary>Lines over sequence length, logarithmic, each with a label at its end.</summary>
public sealed record LineChart
{
    private const double Left = 78, Top = 58, Bottom = 54;
    private const double PlotHeight = 360;

    /// <summary>Width in pixels.</summary>
    public double Width { get; init; } = 1040;

    /// <summary>Title: what the chart shows.</summary>
    public required string Title { get; init; }

    /// <summary>Subtitle: problem and machine.</summary>
    public required string Subtitle { get; init; }

    /// <summary>Name and unit of the horizontal axis.</summary>
    public required string LengthTitle { get; init; }

    /// <summary>Name and unit of the vertical axis.</summary>
    public required string ValueTitle { get; init; }

    /// <summary>Formats a tick of the vertical axis.</summary>
    public required Func<double, string> ValueText { get; init; }

    /// <summary>Kind of the vertical axis.</summary>
    public ValueAxis Axis { get; init; }

    /// <summary>The lines, at least one.</summary>
    public required IReadOnlyList<LineSeries> Series { get; init; }

    /// <summary>A horizontal line for comparison.</summary>
    public ReferenceLine? Reference { get; init; }

    /// <summary>Draws the chart.</summary>
    public XElement Draw()
    {
        double right = Width - SeriesLayer.LabelWidth(Series);
        double bottom = Top + Math.Max(PlotHeight, SeriesLayer.LabelHeight(Series));
        var lengths = new LengthScale([.. Series.SelectMany(line => line.Points).Select(p => p.X).Distinct().Order()], Left, right);
        Scale values = ValueScale(bottom);
        var plot = new Axes.Plot(Left, Top, right, bottom);
        return Svg.Root(
            Width, bottom + Bottom, Title, Subtitle,
            Svg.Text(Left, 22, Title, Palette.Ink, size: 16, bold: true),
            Svg.Text(Left, 41, Subtitle, Palette.Muted),
            Axes.Draw(plot, lengths, values, Numbers.Length, ValueText),
            Svg.Text((Left + right) / 2, bottom + 42, LengthTitle, Palette.Ink, "middle"),
            Svg.Text(18, (Top + bottom) / 2, ValueTitle, Palette.Ink, "middle", rotate: -90),
            Reference is { } line ? Svg.Stroke(Svg.Path($"M{Left} {values.At(line.Value)}H{right}"), Palette.Ink, 2) : null,
            new SeriesLayer(Series, lengths, values, plot).Draw(),
            Reference is { Text: { } text } reference
                ? Svg.WithHalo(Svg.Text(Left + 8, values.At(reference.Value) - 6, text, Palette.Ink, size: 11.5))
                : null);
    }

    private Scale ValueScale(double bottom)
    {
        var all = Series.SelectMany(line => line.Points).ToList();
        double[] reference = Reference is { } line ? [line.Value] : [];
        double high = all.Select(point => point.High).Concat(reference).Max();
        if (Axis == ValueAxis.Linear)
            return new LinearScale(high * 1.1, bottom, Top);
        double low = all.Select(point => point.Low).Concat(reference).Min();
        double margin = Math.Max(1.25, Math.Pow(high / low, 0.05));
        return Axis == ValueAxis.Binary
            ? new BinaryScale(low / margin, high * margin, bottom, Top)
            : new LogScale(low / margin, high * margin, bottom, Top);
    }
}
