using System.Xml.Linq;

namespace Kernels.Report.Charts;

/// <summary>Grid, frame and tick labels of a plot.</summary>
public static class Axes
{
    /// <summary>Draws them for a horizontal and a vertical scale.</summary>
    public static XElement Draw(
        Plot plot, Scale horizontal, Scale vertical, Func<double, string> horizontalText, Func<double, string> verticalText) =>
        Svg.Group(
            "axes", null,
            Svg.Stroke(Grid(plot, horizontal.MinorTicks, horizontal, vertical.MinorTicks, vertical), Palette.Minor),
            Svg.Stroke(Grid(plot, horizontal.Ticks, horizontal, vertical.Ticks, vertical), Palette.Grid),
            Svg.Stroke(Svg.Path($"M{plot.Left} {plot.Top}H{plot.Right}V{plot.Bottom}H{plot.Left}z"), Palette.Frame),
            horizontal.Ticks.Select(tick =>
                Svg.Text(horizontal.At(tick), plot.Bottom + 19, horizontalText(tick), Palette.Muted, "middle")),
            vertical.Ticks.Select(tick => Svg.Text(plot.Left - 8, vertical.At(tick) + 4, verticalText(tick), Palette.Muted, "end")));

    private static string Grid(
        Plot plot, IReadOnlyList<double> columns, Scale horizontal, IReadOnlyList<double> rows, Scale vertical) =>
        string.Concat(columns.Select(tick => Svg.Path($"M{horizontal.At(tick)} {plot.Top}V{plot.Bottom}"))
            .Concat(rows.Select(tick => Svg.Path($"M{plot.Left} {vertical.At(tick)}H{plot.Right}")))
            .DefaultIfEmpty("M0 0"));

    /// <summary>The rectangle of the data.</summary>
    public readonly record struct Plot(double Left, double Top, double Right, double Bottom);
}
