using Kernels.Report.Model;
using Kernels.Results;

namespace Kernels.Report.Charts;

/// <summary>A small image of each mask that a report has cases of.</summary>
public static class MaskCharts
{
    /// <summary>The images, in the order of the cases.</summary>
    public static IEnumerable<Chart> Draw(ReportData data) =>
        data.Cases.Select(shown => shown.Problem?.Mask).OfType<Abstractions.AttentionMask>().DistinctBy(mask => mask.Name)
            .Select(mask => Draw(new MaskPicture(mask)));

    private static Chart Draw(MaskPicture picture)
    {
        string name = picture.Mask.Name;
        string caption = $"{picture.Tokens} queries, downwards, and {picture.Tokens} keys; head 0.";
        IEnumerable<int> cells = Enumerable.Range(0, MaskPicture.Cells);
        var map = new HeatMap
        {
            Title = name,
            Subtitle = caption,
            Rows = [.. cells.Select(row => string.Concat(cells.Select(column => Math.Ceiling(picture.Share(row, column) * HeatMap.Shades - 1e-9))))],
            CellTokens = picture.Tokens / MaskPicture.Cells,
        };
        return new Chart(FileName.Of("mask", name), map, caption);
    }
}
