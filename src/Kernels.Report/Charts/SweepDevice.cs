using Kernels.Report.Formatting;
using Kernels.Report.Model;

namespace Kernels.Report.Charts;

/// <summary>The two times of a call on a device against length: of its launches alone, and end to end with the copies.</summary>
internal sealed class SweepDevice(SweepCharts names, SweepSeries series, Sweep sweep)
{
    /// <summary>Draws it; null when no kernel of the sweep was timed by the clock of a device.</summary>
    public Chart? Draw()
    {
        List<LineSeries> onDevice = series.Of(
            shown => shown.OnDevice() is { } device ? SweepSeries.TimePoint(device) : null, line => $"{line.LabelIn(sweep)}  device");
        if (onDevice.Count == 0)
            return null;
        List<LineSeries> endToEnd = series.Of(
            shown => shown.Result.Device is null ? null : SweepSeries.TimePoint(shown), line => $"{line.LabelIn(sweep)}  end to end");
        List<LineSeries> lines =
        [
            .. onDevice.Select(line => line with { IsFaint = false }),
            .. endToEnd.Select(line => line with { IsFaint = true, Style = line.Style with { Marker = Marker.Plus } }),
        ];
        var chart = new LineChart
        {
            Title = $"Time on the device {names.Against}",
            Subtitle = names.Subtitle,
            Horizontal = SweepSeries.Lengths(names.LengthTitle, lines),
            Vertical = Axis.Logarithmic("time per call", SweepSeries.Ends(lines), Numbers.TimeTick),
            Series = lines,
        };
        IEnumerable<string> devices = sweep.Lines.SelectMany(line => line.Points).Where(shown => shown.Result.Device is not null)
            .Select(shown => shown.Kernel?.Device).OfType<string>().Distinct();
        return new Chart(
            names.FileName("device"), chart,
            $"Thick lines: the launches of a call by the clock of the device, {string.Join(", ", devices)}. Thin lines with crosses: the same calls end "
            + "to end, as in the chart above, with the copies from and to host memory. The difference is saved where tensors stay "
            + "on the device.");
    }
}
