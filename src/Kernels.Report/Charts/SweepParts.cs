using Kernels.Report.Formatting;
using Kernels.Report.Model;

namespace Kernels.Report.Charts;

/// <summary>Where the time of a layer goes against length: the shares of its parts, one on the other.</summary>
internal sealed class SweepParts(SweepCharts names, Sweep sweep)
{
    private static readonly (string Part, Paint Paint, Marker Marker)[] order =
    [
        ("feed-forward", Palette.Family("naive"), Marker.Square), ("projections", Palette.Family("simd"), Marker.Circle),
        ("attention", Palette.Family("flash"), Marker.Diamond), ("recurrence", Palette.Family("linear"), Marker.Triangle),
        ("vocabulary", Palette.Family("sparse"), Marker.Down), ("embedding", Palette.Family("gpu"), Marker.Plus), ("norms", Palette.Muted, Marker.Star),
    ];

    /// <summary>One chart for each kernel that tells its parts at two lengths or more.</summary>
    public IEnumerable<Chart> Draw() =>
        from line in sweep.Lines
        let points = line.Points.Where(point => point.Result.Parts is { Count: > 1 }).ToList()
        where points.Count > 1
        select Draw(line, points);

    private Chart Draw(SweepLine line, List<ReportCase> points)
    {
        var tops = new double[points.Count];
        List<LineSeries> series = [];
        foreach ((string part, Paint paint, Marker marker) in order)
        {
            double[] shares = [.. points.Select(point => Share(point, part))];
            if (shares.All(share => share == 0))
                continue;
            for (int i = 0; i < tops.Length; i++)
                tops[i] += shares[i];
            series.Add(new LineSeries(
                null, $"{part}  {Numbers.Percent(shares[^1])}", new SeriesStyle(paint, marker, Hollow: false, Dashes: []),
                [
                    .. points.Select((point, i) => new LinePoint(
                        SweepKey.Length(point), tops[i], tops[i], tops[i],
                        new Hint($"{part}, N = {SweepKey.Length(point)}\n{Numbers.Percent(shares[i])} of {Numbers.Time(point.Nanoseconds)}"))),
                ]));
        }
        var chart = new LineChart
        {
            Title = $"Where the time of {line.Kernel} goes {names.Against}",
            Subtitle = names.Subtitle,
            Horizontal = SweepSeries.Lengths(names.LengthTitle, series),
            Vertical = Axis.Linear("share of the time", 1, share => FormattableString.Invariant($"{100 * share:f0} %")),
            Series = series,
            IsStacked = true,
        };
        return new Chart(
            names.FileName($"parts-{line.Kernel}"), chart,
            "Shares of the time of a call on one thread, one on the other; labels: at the longest length. Projections and feed-forward network cost the same "
            + $"for every token, attention costs more the longer the sequence is. {Crossing(points)}");
    }

    private static string Crossing(List<ReportCase> points)
    {
        for (int i = 1; i < points.Count; i++)
        {
            double before = Lead(points[i - 1]), after = Lead(points[i]);
            if (before >= 0 || after < 0 || !double.IsFinite(before) || !double.IsFinite(after))
                continue;
            double from = Math.Log(SweepKey.Length(points[i - 1])), to = Math.Log(SweepKey.Length(points[i]));
            return FormattableString.Invariant($"Attention overtakes the feed-forward network at about N = {Math.Exp(from + (to - from) * before / (before - after)):f0}.");
        }
        return points.All(point => Lead(point) < 0) ? "Attention stays below the feed-forward network at all of these lengths." : "";
    }

    // Of the logarithms, because the ratio grows with a power of the length.
    private static double Lead(ReportCase point) => Math.Log(Share(point, "attention") / Share(point, "feed-forward"));

    private static double Share(ReportCase point, string part) => point.Result.Parts!.FirstOrDefault(each => each.Part == part)?.Share ?? 0;
}
