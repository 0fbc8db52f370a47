using System.Text;
using Kernels.Bench.Report.Model;
using Kernels.Bench.Results;

namespace Kernels.Bench.Report;

/// <summary>The report in short, as Markdown tables for a pull request or a chat.</summary>
public static class MarkdownSummary
{
    /// <summary>File name.</summary>
    public const string Name = "summary.md";

    /// <summary>The text.</summary>
    public static string Text(ReportData data)
    {
        var text = new StringBuilder();
        foreach (ReportRun run in data.Runs)
            AppendRun(text, run);
        text.Append('\n');
        AppendTable(
            text, ["", "", ""],
            Tiles.Of(data).Select(tile => new[] { $"**{Escape(tile.Title)}**", Escape(tile.Value), Escape(tile.Detail) }));
        AppendFastest(text, data);
        AppendCases(text, data);
        return text.ToString();
    }

    private static void AppendRun(StringBuilder text, ReportRun run)
    {
        RunInfo info = run.Results.Run;
        MachineInfo machine = run.Results.Machine;
        text.Append($"## {Escape(run.Label)}, {Escape(info.Id)}\n\n");
        text.Append($"{Escape(machine.Processor)}, {machine.Cores} cores, {Escape(machine.Runtime)}, {Escape(machine.OperatingSystem)}, ");
        text.Append($"git {Escape(info.GitRevision ?? "revision unknown")}\n\n    {OneLine(info.Command)}\n\n");
        if (info.Cold)
            text.Append("Caches were emptied before each call.\n\n");
        if (info.Interrupted || info.Ended is null)
            text.Append("**Incomplete: the run was stopped before its end.**\n\n");
    }

    private static void AppendFastest(StringBuilder text, ReportData data)
    {
        text.Append("\n### Fastest kernel of each problem, softmax attention only\n\n");
        var fastest =
            from shown in data.Measured
            where shown.IsSoftmax
            group shown by (shown.Run, shown.Result.Shape, shown.Result.Problem, shown.Result.Threads) into same
            select same.MinBy(shown => shown.Nanoseconds)!;
        AppendTable(text,
            ["Run", "Shape", "Problem", "Threads", "Kernel", "Median", "±", "Exact GFLOP/s", "Share of FMA peak", "× baseline"],
            fastest.Select(shown => new[]
            {
                Escape(shown.Run.Label), Escape(shown.Result.Shape ?? ""), Escape(shown.Result.Problem), $"{shown.Result.Threads}",
                Escape(shown.Result.Kernel), Numbers.Time(shown.Nanoseconds), Numbers.Percent(shown.RelativeInterval),
                Numbers.Or(shown.Result.ExactGflops, Numbers.Significant), Numbers.Or(shown.Result.CeilingShare, Numbers.Percent),
                Numbers.Or(shown.Speedup, Numbers.Significant),
            }));
    }

    private static void AppendCases(StringBuilder text, ReportData data)
    {
        text.Append("\n### All cases\n\n");
        IReadOnlyList<CaseColumn> columns = CaseColumn.All(data.HasSeveralRuns);
        AppendTable(
            text, [.. columns.Select(column => Escape(column.Title))],
            data.Cases.Select(shown => columns.Select(column => Escape(column.Text(shown))).ToArray()));
    }

    private static void AppendTable(StringBuilder text, string[] headings, IEnumerable<string[]> rows)
    {
        text.Append($"| {string.Join(" | ", headings)} |\n|{string.Concat(Enumerable.Repeat(" --- |", headings.Length))}\n");
        foreach (string[] row in rows)
            text.Append($"| {string.Join(" | ", row)} |\n");
    }

    private static string Escape(string text) => OneLine(text)
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal)
        .Replace("_", "\\_", StringComparison.Ordinal).Replace("`", "\\`", StringComparison.Ordinal);

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
