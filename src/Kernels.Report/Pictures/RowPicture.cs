using Kernels.Report.Charts;
using ScottPlot;
using SkiaSharp;

namespace Kernels.Report.Pictures;

/// <summary>
/// Draws rows of dots with labels before and texts behind them; in a ladder, each row is joined to that which it builds on: the horizontal
/// stroke is the gain, or the loss where it goes left.
/// </summary>
internal sealed class RowPicture(RowChart chart) : DataPicture
{
    private const float Bottom = 54, RowHeight = 21, RungHeight = 42, Indent = 11, LabelSize = 11.5f, TextSize = 11.5f, LineHeight = 12, DataWidth = 350;
    private const int MostColumns = 52, MostLines = 3;

    private float Top => Frame.Top + (chart.Headings is null && chart.Ceiling is null ? 0 : 16);

    private float Height => chart.Rows.Any(row => row.Depth is not null) ? RungHeight : RowHeight;

    /// <summary>Pixels that a chart of rows is high.</summary>
    public static float HeightOf(RowChart chart)
    {
        var picture = new RowPicture(chart);
        return picture.Top + chart.Rows.Count * picture.Height + Bottom;
    }

    /// <summary>The plot of a chart.</summary>
    public static Frame Of(RowChart chart)
    {
        var picture = new RowPicture(chart);
        float left = 24 + chart.Rows.Max(row =>
            (row.Depth ?? 0) * Indent + Math.Max(Pen.Width(row.Label, LabelSize), Pen.Width(row.Note, TextSize)));
        float right = 12 + picture.Columns().Sum(width => width + 14);
        float width = Math.Max(left + DataWidth + right, 20 + Math.Max(Pen.Width(chart.Title, 16, bold: true), Pen.Width(chart.Subtitle)));
        var frame = new Frame(chart, width, HeightOf(chart), new PixelPadding(left, width - left - DataWidth, Bottom, picture.Top), picture.Outside);
        frame.Set(frame.Plot.Axes.Bottom, chart.Axis, DataWidth, 48);
        frame.Plot.Axes.SetLimitsY(chart.Rows.Count - 0.5, -0.5);
        frame.Plot.Add.Plottable(picture);
        return frame;
    }

    /// <inheritdoc/>
    public override void Render(RenderPack pack)
    {
        if (chart.Ceiling is { } ceiling)
            Pen.Line(pack.Canvas, Palette.Ink, 2, [], 1, (X(ceiling), pack.DataRect.Top), (X(ceiling), pack.DataRect.Bottom));
        foreach ((int index, ChartRow row) in chart.Rows.Index())
        {
            (double x, double y) = (X(row.Value), Y(index));
            if (row.From is { } from)
            {
                double foot = X(chart.Rows[from].Value);
                Pen.Line(pack.Canvas, Palette.Frame, 1, [2, 3], 1, (foot, Y(from) + 6), (foot, y));
                Pen.Line(pack.Canvas, row.Style.Paint, 3.5, x < foot ? [4, 3] : [], 0.6, (foot, y), (x, y));
            }
            else if (row.Box is { } box)
            {
                Pen.Bar(pack.Canvas, row.Style.Paint, X(box.Low), y - 6, X(box.High), y + 6, 0.35);
            }
            else if (row.Depth is null)
            {
                Pen.Line(pack.Canvas, row.Style.Paint, 2, row.Style.Dashes, 0.55, (pack.DataRect.Left, y), (x, y));
            }
            Pen.Interval(pack.Canvas, row.Style.Paint, (X(row.Low), y), (X(row.High), y));
            Pen.Marker(pack.Canvas, row.Style, x, y);
        }
    }

    private double X(double value) => Axes.GetPixelX(chart.Axis.At(value));

    private double Y(int row) => Axes.GetPixelY(row);

    private IEnumerable<float> Columns() => Enumerable.Range(0, chart.Rows.Max(row => row.Texts.Count)).Select(column =>
        chart.Rows.SelectMany(row => Lines(row.Texts[column])).Append(chart.Headings?[column] ?? "").Max(line => Pen.Width(line, TextSize)));

    private void Outside(SKCanvas canvas, PixelRect data)
    {
        Pen.Text(canvas, (data.Left + data.Right) / 2, data.Bottom + 42, chart.Axis.Title, Palette.Ink, align: SKTextAlign.Center);
        if (chart.Ceiling is { } ceiling)
            Pen.Text(canvas, Math.Min(X(ceiling) + 4, data.Right), data.Top - 8, chart.CeilingText ?? "", Palette.Ink, TextSize, align: SKTextAlign.Right);
        float[] columns = [.. Columns()];
        foreach ((int index, ChartRow row) in chart.Rows.Index())
        {
            double y = Y(index) + 4;
            bool isLadder = row.Depth is not null;
            double label = isLadder ? 10 + row.Depth!.Value * Indent : data.Left - 8;
            Pen.Text(canvas, label, y, row.Label, row.Style.Paint, LabelSize, align: isLadder ? SKTextAlign.Left : SKTextAlign.Right);
            Pen.Text(canvas, label, y + LineHeight, row.Note, Palette.Muted, TextSize);
            double x = data.Right + 12;
            foreach ((int column, float width) in columns.Index())
            {
                // Numbers of rows are aligned at their last digits.
                (double at, SKTextAlign align) = isLadder ? (x, SKTextAlign.Left) : (x + width, SKTextAlign.Right);
                Text(canvas, at, y, row.Texts[column], column == 0 ? Palette.Ink : Palette.Muted, align);
                if (index == 0 && chart.Headings is { } headings)
                    Pen.Text(canvas, x, data.Top - 8, headings[column], Palette.Muted, TextSize);
                x += width + 14;
            }
        }
    }

    private static void Text(SKCanvas canvas, double x, double y, string text, Paint paint, SKTextAlign align)
    {
        List<string> lines = Lines(text);
        foreach ((int number, string line) in lines.Index())
            Pen.Text(canvas, x, y + (number - (lines.Count - 1) / 2.0) * LineHeight, line, paint, TextSize, align: align);
    }

    // Longer texts end with an ellipsis; the kernel's error card has the full text.
    private static List<string> Lines(string text)
    {
        List<string> lines = [];
        for (string rest = text; rest.Length > 0;)
        {
            int space = rest.Length <= MostColumns ? rest.Length : rest.LastIndexOf(' ', MostColumns);
            int cut = space > 0 ? space : MostColumns;
            lines.Add(rest[..cut]);
            rest = rest[cut..].TrimStart();
            if (lines.Count == MostLines && rest.Length > 0)
            {
                lines[^1] = $"{lines[^1][..Math.Min(lines[^1].Length, MostColumns - 1)]}…";
                break;
            }
        }
        return lines;
    }
}
