using Kernels.Report.Formatting;
using Kernels.Report.Model;

namespace Kernels.Report.Charts;

/// <summary>Rates of a sweep as bars: the best kernel of each family, every kernel that is the fastest at some length, and the peers.</summary>
internal sealed class SweepBars(SweepCharts names, SweepSeries series, Sweep sweep)
{
    /// <summary>Draws them; null where no rate of the sweep's own operation is known.</summary>
    public Chart? Draw()
    {
        List<SweepLine> ranked = [.. sweep.Lines.Where(line => line.Points[0].Workload == sweep.Key.Workload)];
        HashSet<string> winners =
            [.. sweep.Lengths.Select(length => ranked.MinBy(line => line.At(length)?.Nanoseconds ?? double.PositiveInfinity))
                .OfType<SweepLine>().Select(line => line.Kernel)];
        List<LineSeries> bars =
        [
            .. series.Of(
                shown => shown.Workload == sweep.Key.Workload && shown.Result.ExactGflops is > 0 and var rate
                    ? SweepSeries.RatePoint(shown, SweepKey.Length(shown), rate)
                    : null,
                line => line.LabelIn(sweep)).Where(line => !line.IsFaint || winners.Contains(line.Kernel!)),
        ];
        if (bars.Count == 0)
            return null;
        Roofline? roof = Roofline.Of(sweep.Run, sweep.Key.Threads);
        bool isBounded = roof is not null && sweep.Key.Workload.HasFloat32Products
            && !ranked.SelectMany(line => line.Points).Any(shown => roof.Share(shown) is null || roof.IsBoundByReading(shown));
        double highest = SweepSeries.Ends(bars).Append(isBounded ? roof!.Peak.Gflops : 0).Max();
        var chart = new BarChart
        {
            Title = $"Speed {names.Against}",
            Subtitle = names.Subtitle,
            LengthTitle = names.LengthTitle,
            Lengths = [.. sweep.Lengths],
            Vertical = Axis.Linear("exact GFLOP/s", 1.3 * highest, Numbers.Tick),
            Series = bars,
            Fills = [.. bars.Select((bar, index) => Fill(bar, bars.Take(index)))],
            Ceiling = isBounded ? roof!.Peak.Gflops : null,
            CeilingText = isBounded
                ? $"multiply-add peak, {roof!.Peak.InstructionSet}, {Numbers.Threads(roof.Peak.Threads)}: {Numbers.Significant(roof.Peak.Gflops)} GFLOP/s"
                : null,
        };
        return new Chart(
            names.FileName("speed"), chart,
            "Operations that the visible pairs need, divided by the median time, of the best kernel of each family, of each that is fastest at some length, "
            + "and of every peer, whose bars are hollow or pale. "
            + (isBounded ? "The line is the multiply-add peak of as many threads, measured in the same run." : ""));
    }

    // Within a family ever paler; peers begin hollow.
    private static double Fill(LineSeries bar, IEnumerable<LineSeries> before)
    {
        int rank = before.Count(other => other.Style.Paint == bar.Style.Paint);
        return bar.Style.Marker == Marker.Star ? Math.Min(0.6, 0.2 * rank) : Math.Max(0.2, 1 - 0.4 * rank);
    }
}
