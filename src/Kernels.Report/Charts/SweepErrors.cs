using Kernels.Report.Formatting;
using Kernels.Report.Model;

namespace Kernels.Report.Charts;

/// <summary>Speed against error at one length: what an approximation or a narrower format gives up, and what it gains.</summary>
internal sealed class SweepErrors(SweepCharts names, ReportData data, KernelStyles styles, Sweep sweep)
{
    /// <summary>Draws it; null unless two kernels have a speed and an error.</summary>
    public Chart? Draw()
    {
        // The longest of the lengths at which most kernels were measured.
        IGrouping<int, ReportCase> longest = sweep.Lines.SelectMany(line => line.Points).GroupBy(SweepKey.Length)
            .MaxBy(same => (same.Count(), same.Key))!;
        string problem = longest.First().Result.Problem;
        List<(ReportCase Case, double Error, double Speed)> points =
        [
            .. from shown in data.Measured
               where shown.Run == sweep.Run && shown.Result.Problem == problem && shown.Result.Threads == sweep.Key.Threads
                   && OperationGroups.Of(shown.Workload.Operation) == Workload.Softmax.Operation
               let error = Error(shown)
               where error is > 0 && shown.Result.DenseGflops is > 0
               orderby shown.Result.DenseGflops descending
               select (shown, error.Value, shown.Result.DenseGflops!.Value),
        ];
        if (points.Count < 2)
            return null;
        List<LinePoint> front = [];
        foreach ((ReportCase shown, double error, double speed) in points)
        {
            if (front.Count == 0 || error < front[^1].X)
                front.Add(new LinePoint(error, speed, CaseHint.Of(shown)));
        }
        IEnumerable<LineSeries> kernels = points.Select(point => new LineSeries(
            point.Case.Result.Kernel, $"{sweep.Key.Workload.Label(point.Case)}  {Numbers.Significant(point.Speed)}",
            styles[point.Case.Result.Kernel], [SweepSeries.RatePoint(point.Case, point.Error, point.Speed)]));
        var chart = new LineChart
        {
            Title = $"Speed against error at N = {longest.Key}",
            Subtitle = names.Subtitle,
            Horizontal = Axis.Logarithmic("NMSE against softmax attention in float64 (logarithmic)", points.Select(point => point.Error), Numbers.Tick, 3),
            Vertical = Axis.Logarithmic("dense-equivalent GFLOP/s", points.Select(point => point.Speed), Numbers.Tick),
            Series = [.. kernels, new LineSeries(null, "Pareto front", new SeriesStyle(Palette.Ink, Marker.Plus, Hollow: true, Dashes: [2, 3]), front)],
        };
        return new Chart(
            names.FileName("error"), chart,
            "Up is faster, left is nearer to softmax attention. No kernel is both faster and nearer than one on the front. Of a kernel of "
            + "another operation or format, the error is its distance from softmax attention in float32 on normal inputs, found by the gate; of the "
            + "others, the error of the timed output.");
    }

    private static double? Error(ReportCase shown) => shown.IsFloat32Softmax
        ? shown.Result.Errors?.Nmse
        : shown.Kernel?.Gate?.DeviationFromSoftmax is { Count: > 0 } deviation
            ? deviation.TryGetValue("normal", out double normal) ? normal : deviation.Values.Max()
            : null;
}
