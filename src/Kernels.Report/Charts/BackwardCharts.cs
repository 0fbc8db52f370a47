using Kernels.Report.Formatting;
using Kernels.Report.Model;
using Kernels.Results;

namespace Kernels.Report.Charts;

/// <summary>The rate of backward passes over that of forward passes against sequence length, a chart for each sweep of <see cref="BackwardTable"/>.</summary>
internal static class BackwardCharts
{
    /// <summary>The charts that the data allows.</summary>
    public static IEnumerable<Chart> Draw(ReportData data, KernelStyles styles) =>
        BackwardTable.Rows(data).GroupBy(row => row.Sweep).Select(rows => Draw(data, styles, rows.Key, [.. rows]));

    private static Chart Draw(ReportData data, KernelStyles styles, Sweep sweep, IReadOnlyList<BackwardTable.Row> rows)
    {
        List<LineSeries> series = [.. rows.Select(row => new LineSeries(
            row.Rates[^1].Backward.Result.Kernel, $"{row.Family}  {Numbers.Percent(row.Rates[^1].Value)}", styles[row.Rates[^1].Backward.Result.Kernel],
            [.. row.Rates.Select(Point)]))];
        var chart = new LineChart
        {
            Title = "Backward over forward: rate against sequence length",
            Subtitle = sweep.WordsIn(data),
            Horizontal = SweepSeries.Lengths("sequence length N (tokens)", series),
            Vertical = Axis.Linear(
                "rate of the backward pass / rate of the forward pass", 1.02 * Math.Max(1, SweepSeries.Ends(series).Max()), Numbers.PercentTick),
            Series = series,
        };
        return new Chart(
            FileName.Of("backward", sweep.Key.Name, $"t{sweep.Key.Threads}", data.LabelOf(sweep.Run)), chart,
            "Exact GFLOP/s of the fastest backward pass of each family divided by those of its fastest forward pass. Backward has 2.5 times the "
            + "operations, so at 100 % it takes 2.5 times as long. The interval is that of the backward pass alone.");
    }

    private static LinePoint Point(BackwardTable.Rate rate)
    {
        LinePoint point = SweepSeries.RatePoint(rate.Backward, SweepKey.Length(rate.Backward), rate.Value);
        return point with { Hint = new Hint($"{point.Hint.Text}\nforward: {rate.Forward.Result.Kernel} {Numbers.Time(rate.Forward.Nanoseconds)}") };
    }
}
