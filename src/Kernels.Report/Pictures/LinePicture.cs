using Kernels.Report.Charts;
using ScottPlot;
using SkiaSharp;

namespace Kernels.Report.Pictures;

/// <summary>Draws lines with points and intervals, and a column of labels beside them that never overlap.</summary>
internal sealed class LinePicture(LineChart chart) : DataPicture
{
    private const float Width = 1040, Left = 78, Bottom = 54, LeastHeight = 360, LabelGap = 15, LabelIndent = 34, LabelSize = 11.5f, GuideSize = 11;

    private const double AreaOpacity = 0.35;

    /// <summary>Pixels that a chart of lines is high.</summary>
    public static float HeightOf(LineChart chart) => Frame.Top + DataHeight(chart) + Bottom;

    /// <summary>The plot of a chart.</summary>
    public static Frame Of(LineChart chart)
    {
        var picture = new LinePicture(chart);
        float right = LabelIndent + 24 + chart.Series.Max(line => Pen.Width(line.Label, LabelSize, bold: !line.IsFaint));
        var frame = new Frame(chart, Width, HeightOf(chart), new PixelPadding(Left, right, Bottom, Frame.Top), picture.Outside);
        frame.Set(frame.Plot.Axes.Bottom, chart.Horizontal, Width - Left - right, 44);
        frame.Set(frame.Plot.Axes.Left, chart.Vertical, DataHeight(chart), 22);
        frame.Plot.Add.Plottable(picture);
        return frame;
    }

    /// <inheritdoc/>
    public override void Render(RenderPack pack)
    {
        // The highest first: each is covered by those below it.
        foreach (LineSeries line in chart.IsStacked ? chart.Series.Reverse() : [])
            Area(pack.Canvas, line);
        foreach (Mark mark in chart.Marks.OrderByDescending(mark => mark.Weight))
            Line(pack.Canvas, mark);
        foreach (LineSeries line in chart.Series.OrderByDescending(line => line.IsFaint))
            Line(pack.Canvas, line);
        foreach (Mark mark in chart.Marks.Where(mark => mark.Weight != MarkWeight.Guide))
            Label(pack.Canvas, mark);
    }

    private static float DataHeight(LineChart chart) => Math.Max(LeastHeight, chart.Series.Count * LabelGap + 12);

    private (double X, double Y) Pixel(double x, double y) => (Axes.GetPixelX(chart.Horizontal.At(x)), Axes.GetPixelY(chart.Vertical.At(y)));

    private void Line(SKCanvas canvas, Mark mark) => Pen.Line(
        canvas, mark.Weight switch { MarkWeight.Strong => Palette.Ink, MarkWeight.Thin => Palette.Muted, _ => Palette.Frame },
        mark.Weight switch { MarkWeight.Strong => 2, MarkWeight.Thin => 1.4, _ => 1 }, mark.Weight == MarkWeight.Guide ? [2, 4] : [], 1,
        Pixel(mark.FromX, mark.FromY), Pixel(mark.ToX, mark.ToY));

    private void Area(SKCanvas canvas, LineSeries line)
    {
        (double X, double Y)[] top = [.. line.Points.Select(point => Pixel(point.X, point.Value))];
        double bottom = Pixel(line.Points[0].X, 0).Y;
        Pen.Area(canvas, Palette.Surface, 1, [(top[0].X, bottom), .. top, (top[^1].X, bottom)]);
        Pen.Area(canvas, line.Style.Paint, AreaOpacity, [(top[0].X, bottom), .. top, (top[^1].X, bottom)]);
    }

    // Slightly along the line and above it.
    private void Label(SKCanvas canvas, Mark mark)
    {
        ((double x1, double y1), (double x2, double y2)) = (Pixel(mark.FromX, mark.FromY), Pixel(mark.ToX, mark.ToY));
        if (y1 == y2 && mark.LabelFirst)
        {
            Pen.Text(canvas, x1 + 8, y1 - 6, mark.Text, Palette.Ink, LabelSize, halo: true);
            return;
        }
        if (y1 == y2)
        {
            Pen.Text(canvas, x2 - 8, y2 - 6, mark.Text, Palette.Ink, LabelSize, align: SKTextAlign.Right, halo: true);
            return;
        }
        double angle = Math.Atan2(y2 - y1, x2 - x1);
        (double x, double y) = (x1 + 12 * Math.Cos(angle) + 5 * Math.Sin(angle), y1 + 12 * Math.Sin(angle) - 5 * Math.Cos(angle));
        Pen.Text(canvas, x, y, mark.Text, Palette.Muted, LabelSize, degrees: angle * 180 / Math.PI, halo: true);
    }

    private void Line(SKCanvas canvas, LineSeries line)
    {
        Pen.Line(
            canvas, line.Style.Paint, line.IsFaint ? 1.2 : 2.2, line.Style.Dashes, line.IsFaint ? 0.6 : 1,
            [.. line.Points.Select(point => Pixel(point.X, point.Value))]);
        foreach (LinePoint point in line.Points)
        {
            Pen.Interval(canvas, line.Style.Paint, Pixel(point.X, point.Low), Pixel(point.X, point.High));
            (double x, double y) = Pixel(point.X, point.Value);
            Pen.Marker(canvas, line.Style, x, y);
        }
    }

    private void Outside(SKCanvas canvas, PixelRect data)
    {
        Pen.Text(canvas, (data.Left + data.Right) / 2, data.Bottom + 42, chart.Horizontal.Title, Palette.Ink, align: SKTextAlign.Center);
        Pen.Text(canvas, 18, (data.Top + data.Bottom) / 2, chart.Vertical.Title, Palette.Ink, align: SKTextAlign.Center, degrees: -90);
        double free = data.Left;
        foreach (Mark guide in chart.Marks.Where(mark => mark.Weight == MarkWeight.Guide).OrderBy(mark => mark.FromX))
        {
            double half = Pen.Width(guide.Text, GuideSize) / 2, at = Pixel(guide.ToX, guide.ToY).X;
            if (at - half < free)
                continue;
            free = at + half + 4;
            Pen.Text(canvas, at, data.Top + 15, guide.Text, Palette.Muted, GuideSize, align: SKTextAlign.Center, halo: true);
        }
        (double X, double Y)[] ends = [.. chart.Series.Select(line => Pixel(line.Points[^1].X, line.Points[^1].Value))];
        double[] labels = LabelColumn.Place([.. ends.Select(end => end.Y)], LabelGap, data.Top + 6, data.Bottom - 6);
        double x = data.Right + LabelIndent;
        foreach ((int index, LineSeries line) in chart.Series.Index())
        {
            Pen.Line(canvas, line.Style.Paint, 1, [1, 2], 0.75, (ends[index].X + 7, ends[index].Y), (data.Right + 6, ends[index].Y), (x - 8, labels[index]));
            Pen.Marker(canvas, line.Style, x, labels[index]);
            Pen.Text(canvas, x + 10, labels[index] + 4, line.Label, line.Style.Paint, LabelSize, bold: !line.IsFaint);
        }
    }
}
