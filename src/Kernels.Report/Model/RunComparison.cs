namespace Kernels.Report.Model;

/// <summary>Cases that more than one run measured, side by side.</summary>
public static class RunComparison
{
    /// <summary>One row for each kernel, problem and number of threads that at least two runs measured.</summary>
    public static IReadOnlyList<Row> Rows(ReportData data) =>
    [
        .. from shown in data.Measured
           group shown by (shown.Result.Kernel, shown.Result.Problem, shown.Result.Threads) into same
           let byRun = data.Runs.Select(run => same.FirstOrDefault(shown => shown.Run == run)).ToList()
           where byRun.Count(shown => shown is not null) >= 2
           select new Row(same.Key.Kernel, same.Key.Problem, same.Key.Threads, byRun),
    ];

    /// <summary>One case in every run; null where it was not measured.</summary>
    public sealed record Row(string Kernel, string Problem, int Threads, IReadOnlyList<ReportCase?> Cases);
}
