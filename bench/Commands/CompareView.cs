using Kernels.Bench.Display;
using Kernels.Measurement.Comparison;
using Kernels.Results;

namespace Kernels.Bench.Commands;

/// <summary>Output of <c>compare</c>: one row for each problem and number of threads.</summary>
internal static class CompareView
{
    private const double WidestShare = 0.1;

    /// <summary>The table, and what its columns mean.</summary>
    public static void Write(TextWriter output, CompareResults results)
    {
        if (results.Rows.Count == 0)
            return;
        string[] names = [.. results.Rows.MaxBy(row => row.Contestants.Count)!.Contestants.Select(each => each.Name)];
        new Terminal(output).WriteTable(
            ["problem", "threads", .. names, names.Length > 1 ? "verdict" : "against itself"],
            results.Rows.Select(row => (string[])
            [
                row.Problem, row.Threads.ToString(),
                .. names.Select((_, i) => row.Contestants.Count > i ? Text(row, row.Contestants[i]) : ""), ComparisonVerdict.Sentence(row),
            ]));
        output.WriteLine(
            $"{(results.Cold ? "cold" : "warm")} caches; medians of {Rounds(results)} {(names.Length > 1 ? "A B A" : "A A")}; {Intervals(results)}; "
                + "docs/measurement.md");
        if (Ceilings(results) is { Length: > 0 } ceilings)
            output.WriteLine($"measured between the rounds: {ceilings}");
        if (results.Rows.SelectMany(row => row.Contestants).Any(IsMarked))
            output.WriteLine(PhysicalLimit.Meaning);
        ConditionsView.Write(output, results.Conditions);
    }

    private static bool IsMarked(ContestantResult contestant) =>
        new[] { contestant.PeakShare, contestant.ExecutedPeakShare, contestant.ReadShare }.Any(share => PhysicalLimit.IsMarked(share?.Median));

    private static string Ceilings(CompareResults results) => string.Join("; ", results.Rows
        .SelectMany(row => new[]
        {
            row.Peak is { } peak ? $"peak: {peak.InstructionSet} multiply-adds" : null,
            row.Read is { } read ? $"{read.Level}: reading from it" : null,
        })
        .OfType<string>()
        .Distinct());

    /// <summary>Time, rate, and shares of the ceilings with their intervals.</summary>
    public static string Text(CompareRow row, ContestantResult contestant)
    {
        string text = $"{CaseLine.Time(contestant.Ns.Median)}, {contestant.ExactGflops:G4} GFLOP/s";
        if (contestant.PeakShare is { } peak)
            text += $", {Percent(peak, "peak")}";
        if (contestant.ExecutedPeakShare is { } executed)
            text += $", {Percent(executed, "peak by executed operations")}";
        if (contestant.ReadShare is { } read)
            text += $", {Percent(read, row.Read!.Level)}";
        return text;
    }

    // A share that moved by more than what tells kernels apart is none; its interval says why.
    private static string Percent(MedianInterval share, string ceiling) =>
        $"{(share.HalfWidth() > WidestShare ? "unsteady" : Marked(share.Median))} of {ceiling} ({100 * share.Low:0.0}–{100 * share.High:0.0})";

    private static string Marked(double share) =>
        $"{100 * share:0.0} %{(PhysicalLimit.IsMarked(share) ? PhysicalLimit.Mark : "")}";

    private static string Rounds(CompareResults results)
    {
        int[] rounds = [.. results.Rows.Where(row => row.Rounds > 0).Select(row => row.Rounds).Distinct().Order()];
        return rounds.Length switch { 0 => "0 rounds", 1 => $"{rounds[0]} rounds", _ => $"{rounds[0]} to {rounds[^1]} rounds" };
    }

    private static string Intervals(CompareResults results) =>
        results.Rows.Max(row => row.Processes?.Count) is { } processes
            ? $"of {processes} process{(processes == 1 ? "" : "es")}"
                + (processes < MedianInterval.FewestSamples ? ", intervals from the least to the most" : "")
            : "intervals: 95 %";
}
