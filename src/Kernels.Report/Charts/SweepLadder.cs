using Kernels.Report.Formatting;
using Kernels.Report.Model;
using Kernels.Results;

namespace Kernels.Report.Charts;

/// <summary>The ladder of a sweep at one length.</summary>
internal sealed class SweepLadder(SweepCharts names, KernelStyles styles, Sweep sweep, Ladder ladder)
{
    /// <summary>Draws it.</summary>
    public Chart Draw()
    {
        List<ReportCase> cases = [.. ladder.Rungs.Select(rung => rung.Case), .. ladder.Peers];
        ReportCase origin = cases.Find(shown => shown.Result.Kernel == ReportData.Baseline) ?? cases.MaxBy(shown => shown.Nanoseconds)!;
        List<ChartRow> rows = [.. ladder.Rungs.Select(rung => Row(rung, origin)), .. ladder.Peers.Select(peer => Row(peer, origin))];
        double? ceiling = Ceiling(cases, origin);
        var chart = new RowChart
        {
            Title = $"Ladder: gain of each idea at N = {ladder.Length}",
            Subtitle = names.Subtitle,
            Axis = Axis.Logarithmic(
                $"times as fast as {origin.Result.Kernel} (logarithmic)",
                rows.SelectMany(row => new[] { row.Low, row.High, ceiling ?? row.High }), Numbers.FactorTick, 1.15),
            Rows = rows,
            Headings = ["gain (range)", "idea"],
            Ceiling = ceiling,
            CeilingText = "softmax at the multiply-add peak",
        };
        return new Chart(
            names.FileName("ladder"), chart,
            "Each kernel is joined to the one that it builds on; the thick horizontal stroke is the gain, dashed to the left for a loss. "
            + "In brackets, the range that the intervals of both times allow. "
            + (ladder.Peers.Count > 0 ? "Peers are at the bottom and build on no kernel. " : "")
            + "Below a name is the operation or format where it differs: such kernels do other work, and only their times are compared.");
    }

    private ChartRow Row(Rung rung, ReportCase origin)
    {
        KernelResult? kernel = rung.Case.Kernel;
        int index = ladder.Rungs.TakeWhile(other => other.Case != rung.Parent).Count();
        string gain = rung.Gain?.ToString() ?? (kernel?.BuildsOn is null ? "" : "–");
        string idea = kernel?.Idea ?? "";
        if (rung.Parent is null && kernel?.BuildsOn is { } absent)
            idea = $"{idea} ({absent} was not measured)";
        return Row(rung.Case, origin, rung.Depth, rung.Parent is null ? null : index, gain, idea, rung.Difference);
    }

    private ChartRow Row(ReportCase peer, ReportCase origin) =>
        Row(
            peer, origin, 0, null, "peer", $"{peer.Kernel?.Idea}{(peer.Kernel?.Version is { } version ? $", {version}" : "")}",
            peer.Workload.DifferenceFrom(Workload.Softmax));

    private ChartRow Row(ReportCase shown, ReportCase origin, int depth, int? from, string gain, string idea, string difference)
    {
        double speed = origin.Nanoseconds / shown.Nanoseconds;
        Timing timing = shown.Result.Timing!;
        return new(
            shown.Result.Kernel, shown.Result.Kernel, styles[shown.Result.Kernel], speed,
            origin.Nanoseconds / timing.HighNs, origin.Nanoseconds / timing.LowNs, [gain, idea], CaseHint.Of(shown))
        { Depth = depth, From = from, Note = difference };
    }

    // Position of a softmax kernel at the peak.
    private double? Ceiling(List<ReportCase> cases, ReportCase origin)
    {
        if (cases.Find(shown => shown.IsFloat32Softmax && shown.Result.ExactGflops > 0) is not { } softmax
            || Roofline.Of(sweep.Run, sweep.Key.Threads) is not { } roof || roof.IsBoundByReading(softmax))
            return null;
        double operations = softmax.Result.ExactGflops!.Value * softmax.Nanoseconds;
        return origin.Nanoseconds * roof.Peak.Gflops / operations;
    }
}
