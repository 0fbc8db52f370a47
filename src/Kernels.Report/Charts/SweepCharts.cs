using Kernels.Report.Formatting;
using Kernels.Report.Model;
using Kernels.Results;

namespace Kernels.Report.Charts;

/// <summary>The charts of every sweep against sequence length: time, device time, and share of the ceiling.</summary>
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
    public IReadOnlyList<Chart> Charts => [.. new[] { Time(), new SweepDevice(this, series, sweep).Draw(), Share() }.OfType<Chart>()];

    /// <summary>Title of the axis of lengths.</summary>
    public string LengthTitle => sweep.Key.Queries is null ? "sequence length N (tokens)" : "keys N (tokens)";

    /// <summary>The horizontal axis in words, for titles.</summary>
    public string Against => sweep.Key.Queries is null ? "against sequence length" : "against number of keys";

    private bool IsAmbiguous => data.Sweeps.Count(other =>
        other.Run == sweep.Run && other.Key.Name == sweep.Key.Name && other.Key.Threads == sweep.Key.Threads) > 1;

    /// <summary>The name of a chart's file.</summary>
    public string FileName(string kind) =>
        FileNames.Of(kind, sweep.Key.Shape, sweep.Key.Name, $"t{sweep.Key.Threads}", data.HasSeveralRuns ? sweep.Run.Label : "");

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

    private Chart? Share()
    {
        if (Roofline.Of(sweep.Run, sweep.Key.Threads) is not { } roof)
            return null;
        List<LineSeries> lines = series.Of(
            shown => roof.Share(shown) is { } share
                ? SweepSeries.RatePoint(shown, SweepKey.Length(shown), share)
                : null,
            line => roof.Share(line.Points[^1]) is { } share ? $"{line.LabelIn(sweep)}  {Numbers.Percent(share)}" : line.LabelIn(sweep));
        if (lines.Count == 0)
            return null;
        FmaPeak peak = roof.Peak;
        string text =
            $"multiply-add peak, {peak.InstructionSet}, {Numbers.Threads(peak.Threads)}: {Numbers.Significant(peak.Gflops)} GFLOP/s";
        Axis lengths = SweepSeries.Lengths(LengthTitle, lines);
        bool isBoundByReading = sweep.Lines.SelectMany(line => line.Points).Any(roof.IsBoundByReading);
        var chart = new LineChart
        {
            Title = $"Share of the ceiling {Against}",
            Subtitle = Subtitle,
            Horizontal = lengths,
            Vertical = Axis.Linear("exact GFLOP/s ÷ ceiling", 1.1 * SweepSeries.Ends(lines).Append(1).Max(), Numbers.PercentTick),
            Series = lines,
            Marks =
            [
                new Mark(
                    lengths.Low, 1, lengths.High, 1, isBoundByReading ? $"ceiling (where reading does not bind: {text})" : text, MarkWeight.Strong),
            ],
        };
        return new Chart(FileName("share"), chart, ShareCaption(isBoundByReading ? Levels(roof) : null));
    }

    private static string ShareCaption(string? levels) =>
        "Floating-point operations that the kernel's own operation needs for the pairs that the mask leaves visible, divided by the median time, as a share of "
        + (levels is not null
            ? "the ceiling: the lower of the multiply-add peak and the rate that the read bandwidth of the nearest level that holds q, the "
            + $"output, and the keys and values that some query sees can feed, {levels}. "
            : "the multiply-add peak; at these lengths no bandwidth limit is below it. ")
        + "Ceilings are of as many threads, measured in the same run. The share at the longest length stands beside each name.";

    // L2 to N = 512, then DRAM.
    private string Levels(Roofline roof)
    {
        var byLevel = sweep.Lines.SelectMany(line => line.Points).DistinctBy(SweepKey.Length)
            .GroupBy(shown => roof.Feeding(shown)?.Level ?? "unknown")
            .Select(level => (Level: level.Key, Last: level.Max(SweepKey.Length)))
            .OrderBy(level => level.Last).ToList();
        return string.Join(", ", byLevel.Select((level, index) =>
            index < byLevel.Count - 1 ? $"{level.Level} up to N = {level.Last}" : $"{(index > 0 ? "then " : "")}{level.Level}"));
    }

    private string Widest()
    {
        ReportCase widest = sweep.Lines.SelectMany(line => line.Points).MaxBy(point => point.RelativeInterval)!;
        return $", the widest ±{Numbers.Percent(widest.RelativeInterval)} ({widest.Result.Kernel}, N = {SweepKey.Length(widest)})";
    }
}
