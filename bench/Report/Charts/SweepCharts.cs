using Kernels.Bench.Report.Model;
using Kernels.Bench.Results;

namespace Kernels.Bench.Report.Charts;

/// <summary>The charts of one sweep: time, rate and speed against sequence length.</summary>
public sealed class SweepCharts(ReportData data, KernelStyles styles, Sweep sweep)
{
    /// <summary>The sweep.</summary>
    public Sweep Sweep => sweep;

    /// <summary>Name for the sweep's tab.</summary>
    public string Name => string.Join(" · ", new[]
    {
        data.HasSeveralRuns ? sweep.Run.Label : null, IsAmbiguous ? sweep.Key.Shape : null, sweep.Key.Name,
        Numbers.Threads(sweep.Key.Threads),
    }.OfType<string>());

    /// <summary>The charts that the data allows.</summary>
    public IReadOnlyList<Chart> Charts => [.. new[] { Time(), Rate(), Speed() }.OfType<Chart>()];

    private bool IsAmbiguous => data.Sweeps.Count(other =>
        other.Run == sweep.Run && other.Key.Name == sweep.Key.Name && other.Key.Threads == sweep.Key.Threads) > 1;

    private string Subtitle => $"{sweep.Key.Words} · {sweep.Run.Results.Machine.Processor}";

    private string LengthTitle => sweep.Key.Queries is null ? "sequence length N (tokens)" : "keys N (tokens)";

    private Chart Time() => Draw(
        "time", "Time per call", "time per call", Numbers.TimeTick, linear: false, [],
        point => (point.Nanoseconds, Numbers.Time(point.Nanoseconds)),
        line => line.Slope is { } slope ? $"{line.Kernel}  {Numbers.Power(slope)}" : line.Kernel,
        $"Median of each case; bars are the 95 % interval of the median where it is larger than the marker{Widest()}. "
        + "Both axes are logarithmic: time ∝ Nᵖ is a straight line; p stands beside each name, fitted over all its lengths.")!;

    private Chart? Rate() => Draw(
        "gflops", "Exact GFLOP/s", "exact GFLOP/s", Numbers.Tick, linear: true, Ceilings(),
        point => point.Result.ExactGflops is > 0 and var rate ? (rate, $"{Numbers.Significant(rate)} exact GFLOP/s") : null,
        Label,
        "Operations that the kernel's own definition needs for the pairs that the mask leaves visible, divided by the median time. "
        + (Ceilings().Count > 0
            ? "The ceilings are multiply-add loops measured in the same run."
            : "No ceiling was measured for this number of threads."));

    private Chart? Speed() => Draw(
        "speed", $"Speed relative to {ReportData.Baseline}", $"times as fast as {ReportData.Baseline}", Numbers.FactorTick, linear: false,
        [new ReferenceLine(1, null, Strong: true)],
        point => point.Speedup is { } factor ? (factor, Numbers.Factor(factor)) : null,
        Label,
        $"Median time of {ReportData.Baseline} divided by the kernel's, same problem and threads, logarithmic; only lengths at which the "
        + "baseline was measured. Bars, where larger than the marker, are the interval of the kernel's own time.");

    private static string Label(SweepLine line) => line.Kernel;

    private Chart? Draw(
        string kind, string what, string valueTitle, Func<double, string> valueText, bool linear, IReadOnlyList<ReferenceLine> references,
        Func<ReportCase, (double Value, string Text)?> value, Func<SweepLine, string> label, string caption)
    {
        List<LineSeries> series = [.. sweep.Lines
            .Select(line => new LineSeries(line.Kernel, label(line), styles[line.Kernel], [.. Points(line, value)]))
            .Where(line => line.Points.Count > 0)];
        if (series.Count == 0)
            return null;
        var chart = new LineChart
        {
            Title = $"{what} against {(sweep.Key.Queries is null ? "sequence length" : "number of keys")}",
            Subtitle = Subtitle,
            LengthTitle = LengthTitle,
            ValueTitle = valueTitle,
            ValueText = valueText,
            Linear = linear,
            Series = series,
            References = references,
        };
        string run = data.HasSeveralRuns ? sweep.Run.Label : "";
        return new Chart(FileNames.Of(kind, sweep.Key.Shape, sweep.Key.Name, $"t{sweep.Key.Threads}", run), chart.Draw(), caption);
    }

    private static IEnumerable<LinePoint> Points(SweepLine line, Func<ReportCase, (double Value, string Text)?> value)
    {
        foreach (ReportCase point in line.Points)
        {
            if (value(point) is not { } shown)
                continue;
            Timing timing = point.Result.Timing!;
            // Time rises with the value or, for rates and speeds, falls.
            bool isTime = shown.Value == timing.MedianNs;
            double low = isTime ? timing.LowNs : shown.Value * timing.MedianNs / timing.HighNs;
            double high = isTime ? timing.HighNs : shown.Value * timing.MedianNs / timing.LowNs;
            int length = SweepKey.Length(point);
            yield return new LinePoint(
                length, shown.Value, low, high,
                $"{line.Kernel}, N = {length}: {shown.Text} ±{Numbers.Percent(point.RelativeInterval)}");
        }
    }

    private List<ReferenceLine> Ceilings()
    {
        int threads = sweep.Key.Threads;
        IReadOnlyList<FmaPeak> peaks = sweep.Run.Results.Ceilings?.FmaPeaks ?? [];
        var lines = new List<ReferenceLine>();
        foreach (IGrouping<int, FmaPeak> group in peaks.Where(p => p.Threads == threads || p.Threads == 1).GroupBy(p => p.Threads))
        {
            FmaPeak best = group.MaxBy(peak => peak.Gflops)!;
            lines.Add(new ReferenceLine(
                best.Gflops,
                $"FMA peak, {best.InstructionSet}, {Numbers.Threads(best.Threads)}: {Numbers.Significant(best.Gflops)} GFLOP/s",
                Strong: best.Threads == threads));
        }
        return lines;
    }

    private string Widest()
    {
        ReportCase widest = sweep.Lines.SelectMany(line => line.Points).MaxBy(point => point.RelativeInterval)!;
        return $", the widest ±{Numbers.Percent(widest.RelativeInterval)} ({widest.Result.Kernel}, N = {SweepKey.Length(widest)})";
    }
}
