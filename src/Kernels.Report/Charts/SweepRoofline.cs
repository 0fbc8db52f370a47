using Kernels.Report.Formatting;
using Kernels.Report.Model;
using Kernels.Results;

namespace Kernels.Report.Charts;

/// <summary>The roofline of a sweep: every kernel as a path over its lengths.</summary>
internal sealed class SweepRoofline(SweepCharts names, SweepSeries series, Sweep sweep)
{
    // Intensities that differ by less share one guide line.
    private const double SamePlace = 1.02;

    /// <summary>Draws it; null when no rate is known.</summary>
    public Chart? Draw()
    {
        List<LineSeries> lines = series.Of(
            shown => Roofline.Intensity(shown) is { } intensity
                ? SweepSeries.RatePoint(shown, intensity, shown.Result.ExactGflops!.Value)
                : null,
            line => line.LabelIn(sweep));
        if (lines.Count == 0)
            return null;
        Roofline? roof = Roofline.Of(sweep.Run, sweep.Key.Threads);
        List<FmaPeak> peaks = roof is null ? [] : [roof.Peak, .. roof.LowerPeaks];
        List<ReadBandwidth> bandwidths = [.. roof?.Bandwidths ?? []];
        double[] intensities = [.. lines.SelectMany(line => line.Points).Select(point => point.X)];
        // Wide enough to show where each bandwidth line meets the peak.
        var horizontal = Axis.Logarithmic(
            "floating-point operations needed per byte that must be moved (FLOP/B)",
            [.. intensities, .. bandwidths.Select(read => peaks[0].Gflops / read.GigabytesPerSecond),
                .. bandwidths.Count > 0 ? [intensities.Min() / 2.5] : Array.Empty<double>()],
            Numbers.Tick, 1.7);
        var vertical = Axis.Logarithmic("exact GFLOP/s", [.. SweepSeries.Ends(lines), .. peaks.Select(peak => peak.Gflops)], Numbers.Tick, 1.7);
        var chart = new LineChart
        {
            Title = "Roofline: rate against arithmetic intensity",
            Subtitle = names.Subtitle,
            Horizontal = horizontal,
            Vertical = vertical,
            Series = lines,
            Marks =
            [
                .. Guides().Select(guide => new Mark(guide.Intensity, vertical.Low, guide.Intensity, vertical.High, guide.Text, MarkWeight.Guide)),
                .. bandwidths.Select(read =>
                {
                    double begin = Math.Max(horizontal.Low, vertical.Low / read.GigabytesPerSecond);
                    return new Mark(
                        begin, begin * read.GigabytesPerSecond, peaks[0].Gflops / read.GigabytesPerSecond, peaks[0].Gflops,
                        $"{read.Level} read {Numbers.Significant(read.GigabytesPerSecond)} GB/s", MarkWeight.Thin);
                }),
                .. peaks.Select((peak, index) => new Mark(
                    horizontal.Low, peak.Gflops, horizontal.High, peak.Gflops,
                    $"{(index == 0 ? "multiply-add peak, " : "")}{peak.InstructionSet}: {Numbers.Significant(peak.Gflops)}",
                    index == 0 ? MarkWeight.Strong : MarkWeight.Thin)),
            ],
        };
        return new Chart(
            names.FileName("roofline"), chart,
            "Intensity is a property of the problem, not of the kernel: the floating-point operations that its operation needs divided by the bytes that any "
            + "algorithm must move: q and the keys and values that some query sees read once, outputs written once. "
            + "A kernel that moves more, such as a score matrix, has the same intensity and a lower rate. "
            + "A slanted line is the limit of a kernel that reads just these bytes from that level; with warm caches a short "
            + "problem may lie above the line of a farther level."
            + (roof is null ? " No ceiling was measured for this number of threads." : ""));
    }

    private static string Range(List<int> lengths) => lengths[0] == lengths[^1] ? $"{lengths[0]}" : $"{lengths[0]} … {lengths[^1]}";

    private IEnumerable<(double Intensity, string Text)> Guides()
    {
        // Guides are of the operation that the group is named after; others differ in intensity and have few lines.
        var byPlace = new List<(double Intensity, List<int> Lengths)>();
        foreach (ReportCase shown in sweep.Lines.SelectMany(line => line.Points).Where(shown => shown.Workload == sweep.Key.Workload)
            .OrderBy(SweepKey.Length))
        {
            if (Roofline.Intensity(shown) is not { } intensity)
                continue;
            if (byPlace.Find(place => intensity / place.Intensity is < SamePlace and > 1 / SamePlace) is { Lengths: { } known })
                known.Add(SweepKey.Length(shown));
            else
                byPlace.Add((intensity, [SweepKey.Length(shown)]));
        }
        return byPlace.Select((place, index) => (place.Intensity, (index == 0 ? "N = " : "") + Range(place.Lengths)));
    }
}
