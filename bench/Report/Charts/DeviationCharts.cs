using Kernels.Bench.Report.Model;
using Kernels.Bench.Results;

namespace Kernels.Bench.Report.Charts;

/// <summary>How far kernels that do not compute softmax attention are from it, by input family.</summary>
public static class DeviationCharts
{
    /// <summary>One chart for each kernel that has such figures; kernels that the gate rejected have none.</summary>
    public static IEnumerable<Chart> Draw(ReportData data, KernelStyles styles) =>
        from run in data.Runs
        from kernel in run.Results.Kernels
        where kernel.Gate is { Failed: 0 }
        let deviations = kernel.Gate!.DeviationFromSoftmax?.Where(entry => entry.Value > 0).ToList()
        where deviations is { Count: > 0 }
        select Draw(data, styles, run, kernel, deviations);

    private static Chart Draw(
        ReportData data, KernelStyles styles, ReportRun run, KernelResult kernel, List<KeyValuePair<string, double>> deviations)
    {
        var chart = new DotChart
        {
            Title = kernel.Name,
            Subtitle = $"{kernel.Definition} against softmax attention",
            ValueTitle = "NMSE (logarithmic)",
            ValueText = Numbers.Tick,
            Rows = [.. deviations.OrderByDescending(entry => entry.Value).Select(entry => new DotRow(
                kernel.Name, entry.Key, styles[kernel.Name], entry.Value, entry.Value, entry.Value, Numbers.Significant(entry.Value)))],
        };
        return new Chart(
            FileNames.Of("deviation", kernel.Name, data.HasSeveralRuns ? run.Label : ""), chart.Draw(),
            "Normalised mean square error against the float64 softmax oracle: 1 is as far off as an output of zeros. "
            + "Reported, never judged.");
    }
}
