using Kernels.Report.Formatting;
using Kernels.Report.Model;
using Kernels.Results;

namespace Kernels.Report.Charts;

/// <summary>One chart for each measured shape and group of operations: the time of every kernel on it, fastest first.</summary>
public static class ShapeCharts
{
    /// <summary>Draws the chart of one shape.</summary>
    public static Chart Draw(ReportData data, KernelStyles styles, ShapeGroup group)
    {
        double fastest = group.Cases[0].Nanoseconds;
        var chart = new RowChart
        {
            Title = $"{group.Title}, {Numbers.Threads(group.Threads)}",
            Subtitle = string.Join(" · ", new[]
            {
                group.Workload == Workload.Softmax ? "" : group.Workload.Words, group.Problem, group.Run.Results.Machine.Processor,
            }.Where(text => text.Length > 0 && text != group.Title)),
            Axis = Axis.Logarithmic(
                "time per call (logarithmic)",
                group.Cases.SelectMany(shown => new[] { shown.Result.Timing!.LowNs, shown.Result.Timing.HighNs }), Numbers.TimeTick, 1.2),
            Rows = [.. group.Cases.Select(shown => new ChartRow(
                shown.Result.Kernel, group.Workload.Label(shown), styles[shown.Result.Kernel],
                shown.Nanoseconds, shown.Result.Timing!.LowNs, shown.Result.Timing.HighNs,
                [Numbers.Time(shown.Nanoseconds), Numbers.Factor(shown.Nanoseconds / fastest)], CaseHint.Of(shown)))],
        };
        return new Chart(
            FileName.Of(
                "shape", group.Title == group.Problem ? null : group.Title, group.Problem, group.Workload.Distinction, $"t{group.Threads}",
                data.LabelOf(group.Run)),
            chart,
            "Median time, its 95 % interval where larger than the marker, and its ratio to the fastest kernel's time.");
    }
}
