using Kernels.Bench.Display;
using Kernels.Results;

namespace Kernels.Bench.Commands;

/// <summary>Output of <c>compare-runs</c>: both runs, and one row a case.</summary>
internal static class CompareRunsView
{
    /// <summary>The runs, what else differs between them, the table, and the number of cases of each verdict.</summary>
    public static void Write(TextWriter output, RunChanges results)
    {
        foreach ((string name, ComparedRun run) in new[] { ("A", results.A), ("B", results.B) })
        {
            output.WriteLine($"{name}: {OneLine.Clean($"{run.Machine} {run.Run.Id}, git {run.Run.GitRevision ?? "revision unknown"}, {run.Conditions.Word}")}");
            foreach (Warning warning in run.Conditions.Warnings)
                output.WriteLine($"- {OneLine.Clean(warning.Text)}.");
        }
        if (results.A.Machine != results.B.Machine)
            output.WriteLine("These are two machines: the differences are theirs as well as the code's.");
        foreach (string difference in results.Differences)
            output.WriteLine($"Not the same: {difference}.");
        new Terminal(output).WriteTable(
            ["kernel", "problem", "threads", "A", "B", "B / A", "noise", "verdict"],
            results.Changes.Select(change => (string[])
            [
                OneLine.Clean(change.Kernel), OneLine.Clean(change.Problem + Distinction(change)), $"{change.Threads}", Time(change.A), Time(change.B),
                Text(change.Ratio), change.Noise is { } noise ? $"±{100 * noise:0.0} %" : "", Verdict(change),
            ]));
        output.WriteLine(
            "B / A: ratio of the medians, with what their 95 % intervals allow; a change counts beyond both interval and noise; docs/measurement.md");
        output.WriteLine(string.Join(", ", results.Changes.GroupBy(change => change.Verdict)
            .OrderBy(same => same.Key).Select(same => $"{same.Count()} {Word(same.Key)}")) + ".");
    }

    private static string Distinction(CaseChange change) =>
        (change.DeviceTime ? ", device time" : "") + (change.Cold ? ", cold" : "") + (change.Inputs is { } inputs ? $", {inputs} inputs" : "");

    private static string Time(Timing? timing) => timing is null ? "" : CaseLine.Time(timing.MedianNs);

    private static string Text(MedianInterval? ratio) =>
        ratio is { } known ? $"{known.Median:0.000}× ({known.Low:0.000}–{known.High:0.000})" : "";

    private static string Verdict(CaseChange change) => Word(change.Verdict) + (change.Reason is null ? "" : $" ({OneLine.Clean(change.Reason)})");

    private static string Word(ChangeVerdict verdict) => verdict switch
    {
        ChangeVerdict.OnlyInA => "only in A",
        ChangeVerdict.OnlyInB => "only in B",
        _ => verdict.ToString().ToLowerInvariant(),
    };
}
