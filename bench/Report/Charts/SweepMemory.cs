using Kernels.Bench.Report.Model;

namespace Kernels.Bench.Report.Charts;

/// <summary>Memory of a sweep: the tensors, and the scratch of each kernel, against length.</summary>
internal sealed class SweepMemory(SweepCharts names, SweepSeries series, Sweep sweep)
{
    /// <summary>Draws it; null when no kernel asks for scratch.</summary>
    public Chart? Draw()
    {
        List<LineSeries> scratch = series.Of(
            shown => shown.Result.ScratchBytes is > 0 and var bytes
                ? new LinePoint(
                    SweepKey.Length(shown), bytes, bytes, bytes,
                    $"{shown.Result.Kernel}, N = {SweepKey.Length(shown)}: {Numbers.Bytes(bytes)}")
                : null,
            ScratchLabel);
        if (scratch.Count == 0)
            return null;
        List<ReportCase> anyKernel =
            [.. sweep.Lines.SelectMany(line => line.Points).DistinctBy(SweepKey.Length).OrderBy(SweepKey.Length)];
        var compulsory = new LineSeries(
            null, "q, k, v and output", new SeriesStyle(Palette.Ink, Marker.Plus, Hollow: false, Dashes: null),
            [.. anyKernel.Select(shown => Tensors(SweepKey.Length(shown), shown.Problem!.CompulsoryBytes))]);
        var chart = new LineChart
        {
            Title = $"Memory {names.Against}",
            Subtitle = names.Subtitle,
            LengthTitle = names.LengthTitle,
            ValueTitle = "bytes, all threads together",
            ValueText = Numbers.Bytes,
            Axis = ValueAxis.Binary,
            Series = [compulsory, .. scratch],
        };
        return new Chart(names.FileName("memory"), chart.Draw(), MemoryCaption());
    }

    private static LinePoint Tensors(int length, long bytes) =>
        new(length, bytes, bytes, bytes, $"q, k, v and output, N = {length}: {Numbers.Bytes(bytes)}");

    private static string ScratchLabel(SweepLine line)
    {
        List<(double Length, double Bytes)> points = [];
        foreach (ReportCase shown in line.Points)
        {
            if (shown.Result.ScratchBytes is > 0 and var bytes)
                points.Add((SweepKey.Length(shown), bytes));
        }
        string label = $"{line.Kernel}  {Numbers.Bytes(points[^1].Bytes)}";
        // A fit of equal sizes can come out as −0.
        return PowerLaw.Exponent(points) is { } exponent ? $"{label}, {Numbers.Power(Math.Abs(exponent) < 0.005 ? 0 : exponent)}" : label;
    }

    private string MemoryCaption()
    {
        IEnumerable<string> without = sweep.Lines
            .Where(line => line.Points.All(shown => shown is { Result.ScratchBytes: 0, IsPeer: false, Kernel: null or { Device: null } }))
            .Select(line => line.Kernel);
        string none = string.Join(", ", without);
        return "Scratch that each kernel asks for beside the tensors, and the tensors themselves; at the longest length, with the fitted growth. "
            + (none.Length > 0 ? $"Without any scratch: {none}. " : "")
            + "What a device or a peer takes for itself is not known and not drawn.";
    }
}
