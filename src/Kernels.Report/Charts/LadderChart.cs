using System.Xml.Linq;
using Kernels.Report.Formatting;

namespace Kernels.Report.Charts;

/// <summary>
/// Kernels from top to bottom, each joined to the kernel that it builds on: the horizontal stroke is the gain of its idea, or the loss
/// where it goes left. Operation and format are named where they change. The axis is logarithmic, so equal strokes are equal factors.
/// </summary>
public sealed record LadderChart
{
    private const double Top = 74, Bottom = 54, RowHeight = 42, Indent = 11, NameSize = 12, IdeaSize = 11, IdeaSpacing = 12, PlotWidth = 350;
    private const int IdeaColumns = 52, IdeaLines = 3;

    /// <summary>Title: what the chart shows.</summary>
    public required string Title { get; init; }

    /// <summary>Subtitle: problem and machine.</summary>
    public required string Subtitle { get; init; }

    /// <summary>Name of the axis.</summary>
    public required string ValueTitle { get; init; }

    /// <summary>The rows, at least one.</summary>
    public required IReadOnlyList<LadderRow> Rows { get; init; }

    /// <summary>The ceiling, with a text.</summary>
    public ReferenceLine? Ceiling { get; init; }

    /// <summary>Draws the chart.</summary>
    public XElement Draw()
    {
        double left = 24 + Rows.Max(row => row.Depth * Indent + Math.Max(Svg.TextWidth(row.Kernel, NameSize), Svg.TextWidth(row.Difference, IdeaSize)));
        double right = left + PlotWidth;
        double gains = right + 12;
        double ideas = gains + 16 + Rows.Max(row => Svg.TextWidth(row.Gain, IdeaSize));
        double width = ideas + Svg.TextWidth(new string('x', IdeaColumns), IdeaSize) + 8;
        double bottom = Top + Rows.Count * RowHeight + 6;
        double[] ceiling = Ceiling is { } line ? [line.Value] : [];
        double high = Rows.Select(row => row.High).Concat(ceiling).Max();
        double low = Rows.Min(row => row.Low);
        double margin = Math.Max(1.15, Math.Pow(high / low, 0.05));
        var speeds = new LogScale(low / margin, high * margin, left, right, space: 40);
        return Svg.Root(
            width, bottom + Bottom, Title, Subtitle,
            Svg.Text(10, 22, Title, Palette.Ink, size: 16, bold: true),
            Svg.Text(10, 41, Subtitle, Palette.Muted),
            Axes.Draw(new Axes.Plot(left, Top, right, bottom), speeds, Scale.None, Numbers.FactorTick, Numbers.Short),
            Svg.Text((left + right) / 2, bottom + 42, ValueTitle, Palette.Ink, "middle"),
            Svg.Text(gains, Top - 8, "gain (range)", Palette.Muted, size: IdeaSize),
            Svg.Text(ideas, Top - 8, "idea", Palette.Muted, size: IdeaSize),
            Ceiling is { } roof ? Roof(roof, speeds.At(roof.Value), bottom) : null,
            Rows.Select((row, index) => Row(row, index, speeds, left, gains, ideas)));
    }

    private static double Y(int row) => Top + 3 + (row + 0.5) * RowHeight;

    private static XElement Roof(ReferenceLine roof, double x, double bottom) => Svg.Group(
        "roof", null,
        Svg.Stroke(Svg.Path($"M{x} {Top}V{bottom}"), Palette.Ink, 2),
        Svg.Text(x + 4, Top - 8, roof.Text!, Palette.Ink, "end", IdeaSize));

    private XElement Row(LadderRow row, int index, LogScale speeds, double left, double gains, double ideas)
    {
        double y = Y(index);
        (double x, double low, double high) = (speeds.At(row.Value), speeds.At(row.Low), speeds.At(row.High));
        return Svg.Group(
            "series", row.Kernel, Svg.Hint($"{row.Kernel}: {row.Gain}"),
            Svg.Text(10 + row.Depth * Indent, y + 4, row.Kernel, row.Style.Paint, size: NameSize),
            row.Difference.Length == 0 ? null : Svg.Text(10 + row.Depth * Indent, y + 4 + IdeaSpacing, row.Difference, Palette.Muted, size: IdeaSize),
            row.From is { } from ? Rung(speeds.At(Rows[from].Value), Y(from), x, y, row) : null,
            high - low <= Markers.Size
                ? null
                : Svg.Stroke(Svg.Path($"M{low} {y}H{high}M{low} {y - 5}v10M{high} {y - 5}v10"), row.Style.Paint, 1.2),
            Markers.Draw(row.Style, x, y),
            Svg.Text(gains, y + 4, row.Gain, Palette.Ink, size: IdeaSize),
            Idea(row.Idea, ideas, y + 4));
    }

    private static IEnumerable<XElement> Rung(double fromX, double fromY, double x, double y, LadderRow row)
    {
        yield return Svg.Stroke(Svg.Path($"M{fromX} {fromY + 6}V{y}"), Palette.Frame, 1, "2 3");
        yield return Svg.Stroke(Svg.Path($"M{fromX} {y}H{x}"), row.Style.Paint, 3.5, x < fromX ? "4 3" : null, 0.6);
    }

    private static IEnumerable<XElement> Idea(string idea, double x, double y)
    {
        List<string> lines = Lines(idea);
        double top = y - (lines.Count - 1) * IdeaSpacing / 2;
        return lines.Select((line, number) => Svg.Text(x, top + number * IdeaSpacing, line, Palette.Muted, size: IdeaSize));
    }

    // Longer texts end with an ellipsis; the kernel's error card has the full text.
    private static List<string> Lines(string idea)
    {
        List<string> lines = [];
        for (string rest = idea; rest.Length > 0;)
        {
            int space = rest.Length <= IdeaColumns ? rest.Length : rest.LastIndexOf(' ', IdeaColumns);
            int cut = space > 0 ? space : IdeaColumns;
            lines.Add(rest[..cut]);
            rest = rest[cut..].TrimStart();
            if (lines.Count == IdeaLines && rest.Length > 0)
            {
                lines[^1] = $"{lines[^1][..Math.Min(lines[^1].Length, IdeaColumns - 1)]}…";
                break;
            }
        }
        return lines;
    }
}
