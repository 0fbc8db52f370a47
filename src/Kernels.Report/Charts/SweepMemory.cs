using Kernels.Report.Formatting;
using Kernels.Report.Model;

namespace Kernels.Report.Charts;

/// <summary>Memory of a sweep: the operands, and the scratch of each kernel, against length.</summary>
internal sealed class SweepMemory(SweepCharts names, SweepSeries series, Sweep sweep)
{
    /// <summary>Draws it; null when no kernel asks for scratch.</summary>
    public Chart? Draw()
    {
        List<LineSeries> scratch = series.Of(
            shown => shown.Result.ScratchBytes is > 0 and var bytes
                ? new LinePoint(
                    SweepKey.Length(shown), bytes,
                    new Hint($"{shown.Result.Kernel}, N = {SweepKey.Length(shown)}\n{Numbers.Bytes(bytes)} of scratch"))
                : null,
            ScratchLabel);
        if (scratch.Count == 0)
            return null;
        List<ReportCase> anyKernel =
            [.. sweep.Lines.SelectMany(line => line.Points).DistinctBy(SweepKey.Length).OrderBy(SweepKey.Length)];
        List<LineSeries> operands = [.. anyKernel.Where(shown => shown.Operands.Length > 0).GroupBy(Names).Select(same => new LineSeries(
            null, $"operands {same.Key}", new SeriesStyle(Palette.Ink, Marker.Plus, Hollow: false, Dashes: []), [.. same.Select(Operands)]))];
        List<LineSeries> lines = [.. operands, .. scratch];
        var chart = new LineChart
        {
            Title = $"Memory {names.Against}",
            Subtitle = names.Subtitle,
            Horizontal = SweepSeries.Lengths(names.LengthTitle, lines),
            Vertical = Axis.Binary("bytes, all threads together", SweepSeries.Ends(lines), Numbers.Bytes),
            Series = lines,
        };
        return new Chart(names.FileName("memory"), chart, MemoryCaption());
    }

    private static string Names(ReportCase shown) => string.Join(", ", shown.Operands.Select(each => each.Name));

    private static LinePoint Operands(ReportCase shown)
    {
        double bytes = shown.Operands.Sum(each => each.Bytes);
        return new(SweepKey.Length(shown), bytes, new Hint($"{Names(shown)}, N = {SweepKey.Length(shown)}\n{Numbers.Bytes(bytes)}"));
    }

    private string ScratchLabel(SweepLine line)
    {
        List<(double Length, double Bytes)> points = [];
        foreach (ReportCase shown in line.Points)
        {
            if (shown.Result.ScratchBytes is > 0 and var bytes)
                points.Add((SweepKey.Length(shown), bytes));
        }
        string label = $"{line.LabelIn(sweep)}  {Numbers.Bytes(points[^1].Bytes)}";
        // A fit of equal sizes can come out as −0.
        return PowerLaw.Exponent(points) is { } exponent ? $"{label}, {Numbers.Power(Math.Abs(exponent) < 0.005 ? 0 : exponent)}" : label;
    }

    private string MemoryCaption()
    {
        IEnumerable<string> without = sweep.Lines
            .Where(line => line.Points.All(shown => shown is { Result.ScratchBytes: 0, IsPeer: false, Kernel: null or { Device: null } }))
            .Select(line => line.Kernel);
        string none = string.Join(", ", without);
        return "Scratch that each kernel needs besides the operands, and the operands; labels: size at the longest length, fitted growth. "
            + (none.Length > 0 ? $"Without any scratch: {none}. " : "")
            + "Memory of a device or a peer is not known and not drawn.";
    }
}
