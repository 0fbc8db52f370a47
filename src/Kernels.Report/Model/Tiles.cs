using Kernels.Report.Formatting;
using Kernels.Results;

namespace Kernels.Report.Model;

/// <summary>The figures at the top of the report.</summary>
public static class Tiles
{
    /// <summary>The tiles, always the same ones, but for the fastest kernel in a run without softmax attention; missing data is stated.</summary>
    public static IReadOnlyList<Tile> Of(ReportData data) =>
        [.. data.Measured.Any() && !data.Measured.Any(shown => shown.IsFloat32Softmax) ? [] : (Tile[])[Fastest(data)],
            PeakShare(data), Cases(data), Gate(data), Validator(data), Noise(data)];

    private static Tile Fastest(ReportData data)
    {
        const string Title = "Fastest kernel";
        // Other operations do other work and are not ranked here. The largest problem is the most significant.
        ReportCase? best = data.Measured.Where(shown => shown.IsFloat32Softmax)
            .OrderByDescending(shown => shown.Speedup is not null)
            .ThenByDescending(shown => shown.Result.ExactGflops * shown.Nanoseconds ?? 0)
            .ThenBy(shown => shown.Nanoseconds)
            .FirstOrDefault();
        if (best is null)
            return new Tile(Title, "–", "nothing was measured");
        string speedup = best.Speedup is { } factor ? $", {Numbers.Factor(factor)} {ReportData.Baseline}" : "";
        return new Tile(Title, best.Result.Kernel, $"{Numbers.Time(best.Nanoseconds)}{speedup} · {Where(data, best)}");
    }

    private static Tile PeakShare(ReportData data)
    {
        const string Title = "Best share of multiply-add peak";
        ReportCase? best = data.Measured.Where(shown => shown.Workload.HasFloat32Products && shown.Result.CeilingShare is not null)
            .MaxBy(shown => shown.Result.CeilingShare);
        if (best is null)
            return new Tile(Title, "–", data.Runs.All(run => run.Results.Ceilings is null) ? "no ceiling was measured" : "no peak was steady");
        double share = best.Result.CeilingShare!.Value;
        // A share above 1 means that other load disturbed the measurement of the peak.
        bool isBad = PhysicalLimit.IsMarked(share);
        string doubt = isBad ? "more than possible, so the machine was not quiet: measure again · " : "";
        return new Tile(Title, Numbers.Share(share), $"{doubt}{best.Result.Kernel} · {Where(data, best)}", isBad);
    }

    private static Tile Cases(ReportData data)
    {
        var rest = Enum.GetValues<CaseStatus>().Where(status => status != CaseStatus.Measured)
            .Select(status => (status, Count: data.Cases.Count(shown => shown.Result.Status == status)))
            .Where(entry => entry.Count > 0)
            .Select(entry => $"{entry.Count} {StatusText.Word(entry.status)}")
            .ToList();
        bool isBad = data.Cases.Any(shown => shown.Result.Status is CaseStatus.Wrong or CaseStatus.Failed);
        return new Tile(
            "Cases measured", $"{data.Measured.Count()} of {data.Cases.Count}",
            rest.Count == 0 ? "none left out" : string.Join(", ", rest), isBad);
    }

    private static Tile Gate(ReportData data)
    {
        var gates = data.Runs.SelectMany(run => run.Results.Kernels).Where(kernel => kernel.Gate is not null).ToList();
        int wrong = gates.Count(kernel => kernel.Gate!.Failed > 0);
        int cases = gates.Sum(kernel => kernel.Gate!.Passed + kernel.Gate.Failed);
        int unknown = gates.Count(kernel => kernel.Gate!.Passed + kernel.Gate.Failed == 0);
        string refused = unknown == 0 ? "" : $", {unknown} refused all";
        return gates.Count == 0
            ? new Tile("Gate", "–", "no kernel was checked")
            : new Tile(
                "Gate", $"{gates.Count - wrong - unknown} right, {wrong} wrong",
                $"{Numbers.Count(cases)} cases against float64{refused}", wrong > 0);
    }

    private static Tile Validator(ReportData data)
    {
        List<ValidatorScore> kernels = [.. data.Runs.Select(run => run.Results.Validator).OfType<ValidatorScore>()];
        List<ValidatorScore> timings = [.. data.Runs.Select(run => run.Results.WrongTimings).OfType<ValidatorScore>()];
        if (kernels.Sum(score => score.Total) == 0)
            return new Tile("Wrong kernels", "–", "the gate was not tested in this run");
        string ofTimings = timings.Sum(score => score.Total) == 0 ? "wrong timings were not tried" : $"{Rejected(timings)} wrong timings";
        bool isBad = kernels.Concat(timings).Any(score => score.Rejected < score.Total);
        return new Tile("Wrong kernels", Rejected(kernels), $"rejected by the gate for the right reason; {ofTimings}", isBad);
    }

    private static string Rejected(List<ValidatorScore> scores) => $"{scores.Sum(score => score.Rejected)} of {scores.Sum(score => score.Total)}";

    private static Tile Noise(ReportData data)
    {
        List<double> intervals = [.. data.Measured.Select(shown => shown.RelativeInterval).Order()];
        return intervals.Count == 0
            ? new Tile("Noise", "–", "nothing was measured")
            : new Tile("Noise", $"±{Numbers.Percent(Quantile.Of(intervals, 0.5))}",
                $"median 95 % interval; widest ±{Numbers.Percent(intervals[^1])}");
    }

    private static string Where(ReportData data, ReportCase shown)
    {
        string run = data.HasSeveralRuns ? $" · {shown.Run.Label}" : "";
        return $"{shown.Title}, {Numbers.Threads(shown.Result.Threads)}{run}";
    }
}
