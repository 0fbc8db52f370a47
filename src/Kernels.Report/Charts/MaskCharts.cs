using System.Xml.Linq;
using Kernels.Report.Model;

namespace Kernels.Report.Charts;

/// <summary>A small image of each mask that a report has cases of.</summary>
public static class MaskCharts
{
    private const double Cell = 5, Margin = 12, TitleHeight = 26;

    // A shade shows which part of the pairs of a cell is visible.
    private const int Shades = 4;

    /// <summary>The images, in the order of the cases.</summary>
    public static IEnumerable<Chart> Draw(ReportData data) =>
        data.Cases.Select(shown => shown.Problem?.Mask).OfType<Abstractions.AttentionMask>().DistinctBy(mask => mask.Name)
            .Select(mask => Draw(new MaskPicture(mask)));

    private static Chart Draw(MaskPicture picture)
    {
        string name = picture.Mask.Name;
        const double Side = MaskPicture.Cells * Cell;
        double width = Math.Max(Side, Svg.TextWidth(name, 12, bold: true)) + 2 * Margin;
        string caption = $"{picture.Tokens} queries, downwards, and {picture.Tokens} keys; head 0.";
        XElement svg = Svg.Root(
            width, TitleHeight + Side + Margin, name, caption,
            Svg.Text(Margin, 18, name, Palette.Ink, bold: true),
            Enumerable.Range(1, Shades).Select(shade => Shade(picture, shade)),
            Svg.Stroke(
                Svg.Path($"M{Margin} {TitleHeight}L{Margin + Side} {TitleHeight}L{Margin + Side} {TitleHeight + Side}L{Margin} {TitleHeight + Side}Z"),
                Palette.Frame));
        return new Chart(FileNames.Of("mask", name), svg, caption);
    }

    /// <summary>All cells of one shade, adjacent cells in one stroke; null when there are none.</summary>
    private static XElement? Shade(MaskPicture picture, int shade)
    {
        var path = new System.Text.StringBuilder();
        for (int row = 0; row < MaskPicture.Cells; row++)
        {
            for (int column = 0, end; column < MaskPicture.Cells; column = end)
            {
                end = column + 1;
                if (ShadeOf(picture, row, column) != shade)
                    continue;
                while (end < MaskPicture.Cells && ShadeOf(picture, row, end) == shade)
                    end++;
                double y = TitleHeight + (row + 0.5) * Cell;
                path.Append(Svg.Path($"M{Margin + column * Cell} {y}L{Margin + end * Cell} {y}"));
            }
        }
        return path.Length == 0 ? null : Svg.Stroke(path.ToString(), Palette.Ink, Cell, opacity: (double)shade / Shades);
    }

    private static int ShadeOf(MaskPicture picture, int row, int column) =>
        (int)Math.Ceiling(picture.Share(row, column) * Shades - 1e-9);
}
