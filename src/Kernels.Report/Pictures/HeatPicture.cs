using Kernels.Report.Charts;
using ScottPlot;
using SkiaSharp;

namespace Kernels.Report.Pictures;

/// <summary>Draws a square of shaded cells.</summary>
internal sealed class HeatPicture(HeatMap map) : DataPicture
{
    private const float Cell = 5, Margin = 12, Top = 26;

    /// <summary>Pixels that a map is high.</summary>
    public static float HeightOf(HeatMap map) => Top + map.Rows.Count * Cell + Margin;

    /// <summary>The plot of a map.</summary>
    public static Frame Of(HeatMap map)
    {
        float side = map.Rows.Count * Cell;
        float width = Math.Max(side, Pen.Width(map.Title, 12, bold: true)) + 2 * Margin;
        var frame = new Frame(map, width, HeightOf(map), new PixelPadding(Margin, width - Margin - side, Margin, Top), (_, _) => { }, titleSize: 12);
        frame.Plot.Axes.SetLimits(0, map.Rows.Count, map.Rows.Count, 0);
        frame.Plot.Add.Plottable(new HeatPicture(map));
        return frame;
    }

    /// <inheritdoc/>
    public override void Render(RenderPack pack)
    {
        for (int row = 0; row < map.Rows.Count; row++)
        {
            // Adjacent cells of one shade in one rectangle.
            for (int column = 0, end; column < map.Rows[row].Length; column = end)
            {
                char shade = map.Rows[row][column];
                for (end = column + 1; end < map.Rows[row].Length && map.Rows[row][end] == shade;)
                    end++;
                if (shade == '0')
                    continue;
                using var fill = new SKPaint { Color = Pen.Colour(Palette.Ink, (shade - '0') / (double)HeatMap.Shades) };
                pack.Canvas.DrawRect(Axes.GetPixelX(column), Axes.GetPixelY(row), (end - column) * Cell, Cell, fill);
            }
        }
    }
}
