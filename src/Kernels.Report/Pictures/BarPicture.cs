using Kernels.Report.Charts;
using Kernels.Report.Formatting;
using ScottPlot;
using SkiaSharp;

namespace Kernels.Report.Pictures;

/// <summary>Draws groups of bars with their values, upright where bars are narrow, and the names of the kernels beside them.</summary>
internal sealed class BarPicture(BarChart chart) : DataPicture
{
    private const float Width = 1040, Left = 78, Bottom = 54, LeastHeight = 300, LabelGap = 18, LabelSize = 11.5f, GroupShare = 0.88f, WideBar = 34;

    /// <summary>Pixels that a chart of bars is high.</summary>
    public static float HeightOf(BarChart chart) => Frame.Top + Math.Max(LeastHeight, chart.Series.Count * LabelGap + 12) + Bottom;

    /// <summary>The plot of a chart.</summary>
    public static Frame Of(BarChart chart)
    {
        var picture = new BarPicture(chart);
        float right = 46 + chart.Series.Max(line => Pen.Width(line.Label, LabelSize));
        var frame = new Frame(chart, Width, HeightOf(chart), new PixelPadding(Left, right, Bottom, Frame.Top), picture.Outside);
        Tick[] groups = [.. chart.Lengths.Select((length, index) => new Tick(index, Numbers.Length(length), 0))];
        frame.Set(frame.Plot.Axes.Bottom, new Axis(chart.LengthTitle, false, -0.5, chart.Lengths.Count - 0.5, groups), Width - Left - right, 1);
        frame.Set(frame.Plot.Axes.Left, chart.Vertical, HeightOf(chart) - Frame.Top - Bottom, 22);
        frame.Plot.Axes.Bottom.MajorTickStyle.Length = 0;
        frame.Plot.Grid.XAxisStyle.IsVisible = false;
        frame.Plot.Add.Plottable(picture);
        return frame;
    }

    /// <inheritdoc/>
    public override void Render(RenderPack pack)
    {
        if (chart.Ceiling is { } ceiling)
        {
            float y = Axes.GetPixelY(ceiling);
            Pen.Line(pack.Canvas, Palette.Ink, 2, [], 1, (pack.DataRect.Left, y), (pack.DataRect.Right, y));
            Pen.Text(pack.Canvas, pack.DataRect.Right - 8, y - 28, chart.CeilingText ?? "", Palette.Ink, LabelSize, align: SKTextAlign.Right, halo: true);
        }
        double width = GroupShare * pack.DataRect.Width / chart.Lengths.Count / chart.Series.Count;
        foreach ((int index, LineSeries line) in chart.Series.Index())
        {
            foreach (LinePoint point in line.Points)
            {
                double left = Axes.GetPixelX(chart.Lengths.Index().First(length => length.Item == (int)point.X).Index)
                    + (index - chart.Series.Count / 2.0) * width;
                float top = Axes.GetPixelY(point.Value);
                Pen.Bar(pack.Canvas, line.Style.Paint, left + 1, top, left + width - 1, Axes.GetPixelY(0), chart.Fills[index]);
                string text = Numbers.Short(point.Value);
                if (width >= WideBar)
                    Pen.Text(pack.Canvas, left + width / 2, top - 4, text, Palette.Ink, 10.5f, align: SKTextAlign.Center);
                else
                    Pen.Text(pack.Canvas, left + width / 2 + 3.5, top - 4, text, Palette.Ink, (float)Math.Clamp(width, 6, 10), degrees: -90);
            }
        }
    }

    private void Outside(SKCanvas canvas, PixelRect data)
    {
        Pen.Text(canvas, (data.Left + data.Right) / 2, data.Bottom + 42, chart.LengthTitle, Palette.Ink, align: SKTextAlign.Center);
        Pen.Text(canvas, 18, (data.Top + data.Bottom) / 2, chart.Vertical.Title, Palette.Ink, align: SKTextAlign.Center, degrees: -90);
        foreach ((int index, LineSeries line) in chart.Series.Index())
        {
            double x = data.Right + 14, y = data.Top + 12 + index * LabelGap;
            Pen.Bar(canvas, line.Style.Paint, x, y - 6, x + 16, y + 5, chart.Fills[index]);
            Pen.Text(canvas, x + 24, y + 4, line.Label, line.Style.Paint, LabelSize);
        }
    }
}
