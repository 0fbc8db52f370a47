using Kernels.Report.Formatting;
using Kernels.Report.Model;

namespace Kernels.Report.Charts;

/// <summary>The charts of every sweep against sequence length: speed, time, and device time.</summary>
public sealed class SweepCharts(ReportData data, KernelStyles styles, Sweep sweep)
{
    private readonly SweepSeries series = new(styles, sweep);

    /// <summary>Name for the sweep's tab.</summary>
    public string Name => string.Join(" · ", new[]
    {
        data.HasSeveralRuns ? sweep.Run.Label : null, IsAmbiguous ? sweep.Key.Shape : null, sweep.Key.Name,
        Numbers.Threads(sweep.Key.Threads),
    }.OfType<string>());

    /// <summary>Subtitle of its charts.</summary>
    public string Subtitle => $"{sweep.Key.Words} · {sweep.Run.Results.Machine.Processor}";

    /// <summary>The charts that the data allows.</summary>
    public IReadOnlyList<Chart> Charts =>
        [.. new[] { new SweepBars(this, series, sweep).Draw(), Time(), new SweepDevice(this, series, sweep).Draw() }.OfType<Chart>()];

    /// <summary>Title of the axis of lengths.</summary>
    public string LengthTitle => sweep.Key.Queries is null ? "sequence length N (tokens)" : "keys N (tokens)";

    /// <summary>The horizontal axis in words, for titles.</summary>
    public string Against => sweep.Key.Queries is null ? "against sequence length" : "against number of keys";

    private bool IsAmbiguous => data.Sweeps.Count(other =>
        other.Run == sweep.Run && other.Key.Name == sweep.Key.Name && other.Key.Threads == sweep.Key.Threads) > 1;

    /// <summary>The name of a chart's file.</summary>
    public string FileName(string kind) =>
        Results.FileName.Of(kind, sweep.Key.Shape, sweep.Key.Name, $"t{sweep.Key.Threads}", data.LabelOf(sweep.Run));

    private Chart Time()
    {
        List<LineSeries> lines = series.Of(
            SweepSeries.TimePoint, line => line.Slope is { } slope ? $"{line.LabelIn(sweep)}  {Numbers.Power(slope)}" : line.LabelIn(sweep));
        var chart = new LineChart
        {
            Title = $"Time per call {Against}",
            Subtitle = Subtitle,
            Horizontal = SweepSeries.Lengths(LengthTitle, lines),
            Vertical = Axis.Logarithmic("time per call", SweepSeries.Ends(lines), Numbers.TimeTick),
            Series = lines,
        };
        return new Chart(
            FileName("time"), chart,
            $"Median of each case; bars are the 95 % interval of the median where it is larger than the marker{Widest()}. "
            + "Both axes are logarithmic: time ∝ Nᵖ is a straight line; p stands beside each name, fitted over all its lengths. "
            + "Thick lines are the fastest kernel of each family and operation.");
    }

    private string Widest()
    {
        ReportCase widest = sweep.Lines.SelectMany(line => line.Points).MaxBy(point => point.RelativeInterval)!;
        return $", the widest ±{Numbers.Percent(widest.RelativeInterval)} ({widest.Result.Kernel}, N = {SweepKey.Length(widest)})";
    }
}
