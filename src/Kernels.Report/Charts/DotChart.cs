using System.Xml.Linq;
using Kernels.Report.Formatting;

namespace Kernels.Report.Charts;

/// <summary>
/// One row for each kernel, with a dot on a logarithmic axis. Values span powers of ten: on a linear axis all but the longest bars would
/// vanish, and bars on a logarithmic axis have no meaningful length.
/// </summary>
public sealed record DotChart
{
    private const double Top = 58, Bottom = 50, RowHeight = 21, LabelSize = 11.5, PlotWidth = 330;

    /// <summary>Title: what the chart shows.</summary>
    public required string Title { get; init; }

    /// <summary>Subtitle: problem and machine.</summary>
    public required string Subtitle { get; init; }

    /// <summary>Name and unit of the axis.</summary>
    public required string ValueTitle { get; init; }

    /// <summary>Formats a tick.</summary>
    public required Func<double, string> ValueText { get; init; }

    /// <summary>The rows from top to bottom, at least one; values are positive.</summary>
    public required IReadOnlyList<DotRow> Rows { get; init; }

    /// <summary>Draws the chart.</summary>
    public XElement Draw()
    {
        double left = 14 + Rows.Max(row => Svg.TextWidth(row.Label, LabelSize));
        double right = left + PlotWidth;
        double bottom = Top + Rows.Count * RowHeight + 8;
        double texts = right + 10 + Rows.Max(row => Svg.TextWidth(row.Text, LabelSize));
        double details = texts + Rows.Max(row => row.Detail is null ? 0 : 14 + Svg.TextWidth(row.Detail, LabelSize));
        double width = Math.Max(details + 10, 20 + Svg.TextWidth(Title, 16, true));
        LogScale values = ValueScale(left, right);
        return Svg.Root(
            width, bottom + Bottom, Title, Subtitle,
            Svg.Text(10, 22, Title, Palette.Ink, size: 16, bold: true),
            Svg.Text(10, 41, Subtitle, Palette.Muted),
            Axes.Draw(new Axes.Plot(left, Top, right, bottom), values, Scale.None, ValueText, Numbers.Short),
            Svg.Text((left + right) / 2, bottom + 40, ValueTitle, Palette.Ink, "middle"),
            Rows.Select((row, index) => Row(row, values, left, texts, details, Top + 4 + (index + 0.5) * RowHeight)));
    }

    private LogScale ValueScale(double left, double right)
    {
        double low = Rows.Min(row => row.Low);
        double high = Rows.Max(row => row.High);
        double margin = Math.Max(1.2, Math.Pow(high / low, 0.06));
        return new LogScale(low / margin, high * margin, left, right, space: 50);
    }

    private static XElement Row(DotRow row, LogScale values, double left, double texts, double details, double y)
    {
        (double x, double low, double high) = (values.At(row.Value), values.At(row.Low), values.At(row.High));
        return Svg.Group(
            "series", row.Kernel, Svg.Hint($"{row.Label}: {row.Text} {row.Detail}"),
            Svg.Text(left - 8, y + 4, row.Label, row.Style.Paint, "end", LabelSize),
            Svg.Stroke(Svg.Path($"M{left} {y}H{x}"), row.Style.Paint, 2, row.Style.Dashes, 0.55),
            high - low <= Markers.Size
                ? null
                : Svg.Stroke(Svg.Path($"M{low} {y}H{high}M{low} {y - 6}v12M{high} {y - 6}v12"), row.Style.Paint, 1.2),
            Markers.Draw(row.Style, x, y),
            Svg.Text(texts, y + 4, row.Text, Palette.Ink, "end", LabelSize),
            row.Detail is null ? null : Svg.Text(details, y + 4, row.Detail, Palette.Muted, "end", LabelSize));
    }
}
