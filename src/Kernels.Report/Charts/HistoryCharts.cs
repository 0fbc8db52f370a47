using System.Numerics;
using Kernels.Report.Formatting;
using Kernels.Report.Model;
using Kernels.Results;

namespace Kernels.Report.Charts;

/// <summary>One chart for each problem and number of threads: the times of its kernels over the runs.</summary>
public static class HistoryCharts
{
    /// <summary>Draws them, with the number of threads of each.</summary>
    public static IEnumerable<(int Threads, Chart Chart)> Draw(RunHistory history, KernelStyles styles)
    {
        Axis runs = Runs(history.Data.Runs.Count);
        return
            from row in history.Cases
            group row by (row.Key.Problem, row.Key.Pattern, row.Key.Threads, row.Key.IsCold, row.Key.IsDeviceTime) into same
            select (same.Key.Threads, Draw(history, styles, runs, [.. same]));
    }

    private static Chart Draw(RunHistory history, KernelStyles styles, Axis runs, RunComparison.Row[] rows)
    {
        CaseKey key = rows[0].Key;
        bool hasChanged = rows.Any(history.Changed.Contains);
        LineSeries[] lines = [.. rows.Select(row => Line(row, styles, isFaint: hasChanged && !history.Changed.Contains(row)))];
        (double low, double high) =
            (lines.SelectMany(line => line.Points).Min(point => point.Low), lines.SelectMany(line => line.Points).Max(point => point.High));
        double margin = Math.Max(0.02, 0.05 * (high - low));
        string caches = key.IsCold ? ", cold caches" : "", clock = key.IsDeviceTime ? ", device time" : "";
        var chart = new LineChart
        {
            Title = $"{key.Problem}, {Numbers.Threads(key.Threads)}{caches}{clock}",
            Subtitle = $"runs of {history.Data.Runs[0].Results.Machine.Name}, {Text(history.Data.Runs[0])} to {Text(history.Data.Runs[^1])}",
            Horizontal = runs,
            Vertical = Axis.Linear("time ÷ median over the runs", high + margin, Numbers.PercentTick, Math.Max(0, low - margin)),
            Series = lines,
        };
        return new Chart(
            FileName.Of("history", key.Problem, $"t{key.Threads}", key.IsCold ? "cold" : "", key.IsDeviceTime ? "device" : "", PatternOf(history, key)), chart,
            "Time of each run divided by the median over the runs; bars are the 95 % interval of the median of a run where it is larger than the "
            + $"marker. {(hasChanged ? "Thick lines have a change that counts" : "No change counts")}. The last time stands beside each name.");
    }

    // Two files of patterns may have one name over time.
    private static string PatternOf(RunHistory history, CaseKey key)
    {
        string?[] patterns = [.. history.Cases.Where(row => row.Key.Problem == key.Problem).Select(row => row.Key.Pattern).Distinct()];
        return patterns.Length == 1 ? "" : $"pattern{Array.IndexOf(patterns, key.Pattern) + 1}";
    }

    private static LineSeries Line(RunComparison.Row row, KernelStyles styles, bool isFaint)
    {
        (int Run, ReportCase Case)[] points = [.. row.Cases.Index().Where(point => point.Item is not null).Select(point => (point.Index, point.Item!))];
        double median = MedianInterval.Of([.. points.Select(point => point.Case.Nanoseconds)]).Median;
        return new LineSeries(
            row.Key.Kernel, $"{row.Key.Kernel}  {Numbers.Time(points[^1].Case.Nanoseconds)}", styles[row.Key.Kernel],
            [.. points.Select(point => new LinePoint(
                point.Run + 1, point.Case.Nanoseconds / median, point.Case.Result.Timing!.LowNs / median, point.Case.Result.Timing.HighNs / median,
                new Hint($"run {point.Run + 1}: {Text(point.Case.Run)}\n{CaseHint.Of(point.Case).Text}")))],
            isFaint);
    }

    private static string Text(ReportRun run) => $"{run.Results.Run.Started.UtcDateTime:yyyy-MM-dd HH:mm}, git {run.Results.Run.GitRevision ?? "unknown"}";

    // The numbers that the largest powers of two divide come first.
    private static Axis Runs(int count) => new(
        "run, oldest first", false, 0.5, count + 0.5,
        [.. Enumerable.Range(1, count).Select(run => new Tick(run, $"{run}", 31 - BitOperations.TrailingZeroCount(run)))]);
}
