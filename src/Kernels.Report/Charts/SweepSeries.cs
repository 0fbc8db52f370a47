using Kernels.Report.Formatting;
using Kernels.Report.Model;
using Kernels.Results;

namespace Kernels.Report.Charts;

/// <summary>
/// The lines of a sweep's charts. The fastest kernel of each family and operation and every peer are drawn strong, the others faint.
/// </summary>
internal sealed class SweepSeries(KernelStyles styles, Sweep sweep)
{
    private readonly HashSet<string> foremost = [.. sweep.Lines
        .GroupBy(line => (Family: styles.Family(line.Kernel), line.Points[0].Workload.Operation))
        .SelectMany(family => family.Key.Family == Families.Peer ? family : family.OrderBy(line => Rank(line)).Take(1))
        .Select(line => line.Kernel)];

    /// <summary>One line for each kernel that has a point.</summary>
    public List<LineSeries> Of(Func<ReportCase, LinePoint?> point, Func<SweepLine, string> label) =>
    [
        .. from line in sweep.Lines
           let points = line.Points.Select(point).OfType<LinePoint>().ToList()
           where points.Count > 0
           select new LineSeries(line.Kernel, label(line), styles[line.Kernel], points, !foremost.Contains(line.Kernel)),
    ];

    /// <summary>A point of a quantity proportional to the time.</summary>
    public static LinePoint TimePoint(ReportCase shown)
    {
        Timing timing = shown.Result.Timing!;
        return new(SweepKey.Length(shown), timing.MedianNs, timing.LowNs, timing.HighNs, Hint(shown, Numbers.Time(timing.MedianNs)));
    }

    /// <summary>A point of a quantity inversely proportional to the time.</summary>
    public static LinePoint RatePoint(ReportCase shown, double x, double value, string text)
    {
        Timing timing = shown.Result.Timing!;
        return new(x, value, value * timing.MedianNs / timing.HighNs, value * timing.MedianNs / timing.LowNs, Hint(shown, text));
    }

    /// <summary>Tooltip of a case.</summary>
    public static string Hint(ReportCase shown, string text) =>
        $"{shown.Result.Kernel}{(shown.IsDeviceTime ? " on the device" : "")}, N = {SweepKey.Length(shown)}: {text} ±{Numbers.Percent(shown.RelativeInterval)}";

    // Kernels that reached the longest length come first, the fastest of them at the front.
    private static (int, double) Rank(SweepLine line) => (-SweepKey.Length(line.Points[^1]), line.Points[^1].Nanoseconds);
}
