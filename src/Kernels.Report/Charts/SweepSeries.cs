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
           // Labels are sorted by the last points: that of a line which ends early says so.
           let ends = SweepKey.Length(line.Points[^1]) < sweep.Lengths[^1] ? $" to {SweepKey.Length(line.Points[^1])}" : ""
           select new LineSeries(line.Kernel, label(line) + ends, styles[line.Kernel], points, !foremost.Contains(line.Kernel)),
    ];

    /// <summary>The axis of lengths below some lines.</summary>
    public static Axis Lengths(string title, IEnumerable<LineSeries> lines) =>
        Axis.Lengths(title, lines.SelectMany(line => line.Points).Select(point => point.X));

    /// <summary>The ends of the intervals of all points.</summary>
    public static IEnumerable<double> Ends(IEnumerable<LineSeries> lines) =>
        lines.SelectMany(line => line.Points).SelectMany(point => new[] { point.Low, point.High });

    /// <summary>A point of a quantity proportional to the time.</summary>
    public static LinePoint TimePoint(ReportCase shown)
    {
        Timing timing = shown.Result.Timing!;
        return new(SweepKey.Length(shown), timing.MedianNs, timing.LowNs, timing.HighNs, CaseHint.Of(shown));
    }

    /// <summary>A point of a quantity inversely proportional to the time.</summary>
    public static LinePoint RatePoint(ReportCase shown, double x, double value)
    {
        Timing timing = shown.Result.Timing!;
        return new(x, value, value * timing.MedianNs / timing.HighNs, value * timing.MedianNs / timing.LowNs, CaseHint.Of(shown));
    }

    // Kernels that reached the longest length come first, the fastest of them at the front.
    private static (int, double) Rank(SweepLine line) => (-SweepKey.Length(line.Points[^1]), line.Points[^1].Nanoseconds);
}
