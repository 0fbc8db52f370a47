using Kernels.Results;

namespace Kernels.Report.Model;

/// <summary>The cases of several runs, side by side.</summary>
public static class RunComparison
{
    /// <summary>When two times of a case differ, in words.</summary>
    public const string Rule =
        "the 95 % intervals of both medians do not overlap and the medians differ by more than noise: 2 %, 10 % where a run was disturbed, the drift of "
        + "the multiply-add peak within each run, and its change from one to the other";

    /// <summary>One row for each case that at least two runs measured.</summary>
    public static IReadOnlyList<Row> Rows(ReportData data) => [.. All(data).Where(row => row.Cases.Count(shown => shown is not null) >= 2)];

    /// <summary>From the first run to the second: every case that either measured, the one that became slowest first.</summary>
    public static IReadOnlyList<CaseChange> Changes(ReportData data) =>
    [
        .. All(data).Select(row => Change(row, 0, 1)).OrderByDescending(change => change.Ratio?.Median ?? 0).ThenBy(change => change.Verdict),
    ];

    /// <summary>What changed in a row from one run to another.</summary>
    internal static CaseChange Change(Row row, int from, int to)
    {
        (ReportCase? a, ReportCase? b) = (row.Cases[from], row.Cases[to]);
        Ratio? ratio = a is null || b is null ? null : Ratio.Of(a, b);
        double? noise = a is null || b is null ? null : RunNoise.Between(a.Run, b.Run, row.Key);
        CaseResult? without = a is null ? Unmeasured(row, from) : b is null ? Unmeasured(row, to) : null;
        return new CaseChange
        {
            Kernel = row.Key.Kernel,
            Problem = row.Key.Problem,
            Threads = row.Key.Threads,
            Operation = row.Key.Workload.Operation,
            Format = row.Key.Workload.Format,
            Products = row.Key.Workload.Products,
            Cold = row.Key.IsCold,
            Inputs = row.Key.Inputs,
            DeviceTime = row.Key.IsDeviceTime,
            A = a?.Result.Timing,
            B = b?.Result.Timing,
            Ratio = ratio is { } known ? new MedianInterval(known.Value, known.Low, known.High) : null,
            Noise = noise,
            Verdict = a is null ? ChangeVerdict.OnlyInB : b is null ? ChangeVerdict.OnlyInA : Verdict(ratio!.Value, noise!.Value),
            Reason = without is null ? null : $"{StatusText.Word(without.Status)}: {without.Reason}",
            Lost = b is null && without?.Status is CaseStatus.Wrong or CaseStatus.Failed or CaseStatus.Timeout,
        };
    }

    // The ends of the ratio are apart from 1 when the intervals of both medians do not overlap.
    private static ChangeVerdict Verdict(Ratio ratio, double noise) =>
        ratio.Low > 1 && ratio.Value > 1 + noise ? ChangeVerdict.Slower
        : ratio.High < 1 && 1 / ratio.Value > 1 + noise ? ChangeVerdict.Faster
        : ChangeVerdict.Same;

    private static CaseResult? Unmeasured(Row row, int run) => row.Data.Cases.FirstOrDefault(shown =>
        shown.Run == row.Data.Runs[run] && !shown.IsMeasured
        && (shown.Result.Kernel, shown.Result.Problem, shown.Result.Threads) == (row.Key.Kernel, row.Key.Problem, row.Key.Threads))?.Result;

    private static IEnumerable<Row> All(ReportData data) =>
        from shown in data.Rows
        where shown.IsMeasured
        group shown by CaseKey.Of(shown) into same
        select new Row(data, same.Key, [.. data.Runs.Select(run => same.FirstOrDefault(shown => shown.Run == run))]);

    /// <summary>One case in every run.</summary>
    /// <param name="Data">The runs.</param>
    /// <param name="Key">The case.</param>
    /// <param name="Cases">It in each of the runs; null where it was not measured.</param>
    public sealed record Row(ReportData Data, CaseKey Key, IReadOnlyList<ReportCase?> Cases);
}
