using Kernels.Report.Formatting;
using Kernels.Report.Model;

namespace Kernels.Report.Charts;

/// <summary>Where the time of a layer or a model goes against length: the shares of its parts, one on the other.</summary>
internal static class PartCharts
{
    private static readonly (string Part, Paint Paint, Marker Marker)[] order =
    [
        (PartLine.FeedForward, Palette.Family("naive"), Marker.Square), (PartLine.Projections, Palette.Family("simd"), Marker.Circle),
        (PartLine.Attention, Palette.Family("flash"), Marker.Diamond), ("recurrence", Palette.Family("linear"), Marker.Triangle),
        ("vocabulary", Palette.Family("sparse"), Marker.Down), ("embedding", Palette.Family("gpu"), Marker.Plus), ("norms", Palette.Muted, Marker.Star),
    ];

    /// <summary>One chart for a line.</summary>
    public static Chart Draw(ReportData data, KernelStyles styles, PartLine line)
    {
        var names = new SweepCharts(data, styles, line.Sweep);
        var tops = new double[line.Points.Count];
        List<LineSeries> series = [];
        foreach ((string part, Paint paint, Marker marker) in order)
        {
            double[] shares = [.. line.Points.Select(point => point[part])];
            if (shares.All(share => share == 0))
                continue;
            for (int i = 0; i < tops.Length; i++)
                tops[i] += shares[i];
            series.Add(new LineSeries(
                null, $"{part}  {Numbers.Percent(shares[^1])}", new SeriesStyle(paint, marker, Hollow: false, Dashes: []),
                [
                    .. line.Points.Select((point, i) => new LinePoint(
                        point.Length, tops[i],
                        new Hint($"{part}, N = {point.Length}\n{Numbers.Percent(shares[i])} of {Numbers.Time(point.Nanoseconds)}"))),
                ]));
        }
        var chart = new LineChart
        {
            Title = line.Model is null ? $"Where the time of {line.Kernel} goes {names.Against}" : $"Where the time of {line.Title} goes: {line.Model}",
            Subtitle = names.Subtitle,
            Horizontal = SweepSeries.Lengths(names.LengthTitle, series),
            Vertical = Axis.Linear("share of the time", 1, share => $"{100 * share:f0} %"),
            Series = series,
            IsStacked = true,
        };
        return new Chart(names.FileName($"{(line.Model is null ? "parts" : "model")}-{line.Kernel}"), chart, Caption(line));
    }

    private static string Caption(PartLine line)
    {
        string sum = line.Model is null
            ? "Shares of the time of a call on one thread, one on the other"
            : $"The times of {line.Model}, each measured alone on as many tokens and added up, one on the other";
        return $"{sum}; labels: at the longest length. Projections, feed-forward network and ends cost the same for every token, attention costs more the "
            + $"longer the sequence is.{(line.Outcome.Length > 0 ? $" Attention overtakes the feed-forward network: {line.Outcome}." : "")}";
    }
}
