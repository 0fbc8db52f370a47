using Kernels.Report.Formatting;
using Kernels.Report.Model;
using Kernels.Results;

namespace Kernels.Report.Files;

/// <summary>The report in short, as Markdown tables for a pull request, most of them folded.</summary>
public static class MarkdownSummary
{
    /// <summary>File name.</summary>
    public const string Name = "summary.md";

    /// <summary>The text.</summary>
    public static string Text(ReportData data)
    {
        var text = new MarkdownBlocks();
        foreach (ReportRun run in data.Runs)
            AddRun(text, run);
        text.AddTable(
            null, ["", "", ""],
            Tiles.Of(data).Select(tile => new[] { $"**{Markdown.Escape(tile.Title)}**", Markdown.Escape(tile.Value), Markdown.Escape(tile.Detail) }));
        AddFastest(text, data);
        AddOperations(text, data);
        AddFormats(text, data);
        AddCrossover(text, data);
        AddGrowth(text, data);
        AddBackward(text, data);
        AddParts(text, data);
        AddSequences(text, data);
        AddCases(text, data);
        return text.ToString();
    }

    private static void AddRun(MarkdownBlocks text, ReportRun run)
    {
        RunInfo info = run.Results.Run;
        MachineInfo machine = run.Results.Machine;
        string system = $"{Markdown.Escape(machine.Runtime)}, {Markdown.Escape(machine.OperatingSystem)}";
        string cold = info.Cold ? "\n\nCaches were emptied before each call." : "";
        string inputs = info.Inputs is { } family ? $"\n\nThe inputs are {Markdown.Escape(family)} ones." : "";
        string incomplete = info.Interrupted || info.Ended is null ? "\n\n**Incomplete: the run was stopped before its end.**" : "";
        text.Add(
            $"""
            ## {Markdown.Escape(run.Label)}, {Markdown.Escape(info.Id)}

            {Markdown.Escape(run.Processor)}, {machine.Cores} cores, {system}, git {Markdown.Escape(info.GitRevision ?? "revision unknown")}

                {Markdown.OneLine(info.Command)}{cold}{inputs}{incomplete}{(run.Conditions.Quiet ? "" : "\n")}
            """,
            run.Conditions.Warnings.Select(warning => $"- **{warning.Kind}**: {Markdown.Escape(warning.Text)}."));
    }

    private static void AddCrossover(MarkdownBlocks text, ReportData data) =>
        AddUnlessEmpty(
            text,
            "### Crossover: the fastest of each family against the fastest dense kernel of another",
            ["Run", "Sweep", "Family", "Fastest of it", "Compared with", "Outcome", "× at shortest N", "× at longest N"],
            CrossoverTable.Rows(data),
            row =>
            [
                Markdown.Escape(row.Sweep.Run.Label), Markdown.Escape(row.Sweep.Key.Words), Markdown.Escape(row.Family),
                Markdown.Escape(string.Join(", ", row.Challengers)),
                Markdown.Escape(string.Join(", ", row.References) + row.Condition), Markdown.Escape(row.Crossover.Outcome),
                $"{row.Crossover.Ratios[0]}", $"{row.Crossover.Ratios[^1]}",
            ]);

    private static void AddGrowth(MarkdownBlocks text, ReportData data) =>
        AddUnlessEmpty(
            text,
            "### Growth: exponents p of time ∝ Nᵖ and scratch ∝ Nᵖ",
            ["Sweep", "Kernel", "Lengths", "p of time", "p of scratch", "Scratch at the longest"],
            GrowthTable.Rows(data),
            row =>
            [
                Markdown.Escape(row.Sweep.WordsIn(data)), Markdown.Escape(row.Kernel), row.Lengths, Numbers.Exponent(row.Time),
                Numbers.Or(row.Scratch, Numbers.Exponent), Numbers.Or(row.Longest.Result.ScratchBytes, Numbers.Bytes),
            ]);

    private static void AddBackward(MarkdownBlocks text, ReportData data) =>
        AddUnlessEmpty(
            text,
            "### Backward: exact GFLOP/s divided by those of the forward pass, the fastest of each family",
            ["Sweep", "Family", "N", "Backward", "Median", "Forward", "Median", "Backward / forward"],
            [.. BackwardTable.Rows(data).SelectMany(row => row.Rates, (row, rate) => (row, rate))],
            each =>
            [
                Markdown.Escape(each.row.Sweep.WordsIn(data)), Markdown.Escape(each.row.Family), $"{SweepKey.Length(each.rate.Backward)}",
                Markdown.Escape(each.rate.Backward.Result.Kernel), Numbers.Time(each.rate.Backward.Nanoseconds),
                Markdown.Escape(each.rate.Forward.Result.Kernel), Numbers.Time(each.rate.Forward.Nanoseconds), Numbers.Percent(each.rate.Value),
            ]);

    private static void AddParts(MarkdownBlocks text, ReportData data) =>
        AddUnlessEmpty(
            text,
            "### Layers: where attention overtakes the feed-forward network, and exponents p of time ∝ Nᵖ",
            ["Model", "Layer", "Mask", "Attention overtakes", "p of attention", "p of other products", "Attention at the longest N"],
            [.. PartLines.All(data).Where(line => line.Model is null && line.Outcome.Length > 0)],
            line =>
            [
                Markdown.Escape(line.Title), Markdown.Escape(line.Kernel), Markdown.Escape(line.Sweep.Key.Mask), line.Outcome,
                Numbers.Or(line.Exponent(PartLine.Attention), Numbers.Exponent),
                Numbers.Or(line.Exponent(PartLine.FeedForward, PartLine.Projections), Numbers.Exponent),
                Numbers.Percent(line.Points[^1][PartLine.Attention]),
            ]);

    private static void AddSequences(MarkdownBlocks text, ReportData data) =>
        AddUnlessEmpty(
            text,
            "### Recurrence against attention: steps that follow from one another, exponent p of time ∝ Nᵖ, and the gain of all threads",
            ["Operation", "Kernel", "Steps", "Path", "p of time", "Longest N", "Time there", "× by all threads there"],
            [.. SequenceModels.All(data).SelectMany(models => models.Rows)],
            row =>
            [
                Markdown.Escape(row.Operation.Name), Markdown.Escape(row.Line.Kernel), row.Steps, row.PathLength, Numbers.Or(row.Line.Slope, Numbers.Exponent),
                $"{SweepKey.Length(row.Line.Points[^1])}", Numbers.Time(row.Line.Points[^1].Nanoseconds),
                row.Speedup(SweepKey.Length(row.Line.Points[^1]))?.ToString() ?? "–",
            ]);

    private static void AddUnlessEmpty<TRow>(MarkdownBlocks text, string title, string[] headings, IReadOnlyList<TRow> rows, Func<TRow, string[]> line)
    {
        if (rows.Count > 0)
            text.AddTable(title, headings, rows.Select(line));
    }

    private static void AddFastest(MarkdownBlocks text, ReportData data)
    {
        var fastest =
            from shown in data.Measured
            where shown.IsFloat32Softmax
            group shown by (shown.Run, shown.Result.Shape, shown.Result.Problem, shown.Result.Threads) into same
            select same.MinBy(shown => shown.Nanoseconds)!;
        text.AddTable(
            "### Fastest kernel of each problem, softmax attention in float32 only",
            ["Run", "Shape", "Problem", "Threads", "Kernel", "Median", "±", "Exact GFLOP/s", "Share of multiply-add peak", "× baseline"],
            fastest.Select(shown => new[]
            {
                Markdown.Escape(shown.Run.Label), Markdown.Escape(shown.Result.Shape ?? ""), Markdown.Escape(shown.Result.Problem), $"{shown.Result.Threads}",
                Markdown.Escape(shown.Result.Kernel), Numbers.Time(shown.Nanoseconds), Numbers.Percent(shown.RelativeInterval),
                Numbers.Or(shown.Result.ExactGflops, Numbers.Significant), Numbers.Or(shown.Result.CeilingShare, Numbers.Share),
                Numbers.Or(shown.Speedup, Numbers.Significant),
            }));
    }

    private static void AddOperations(MarkdownBlocks text, ReportData data)
    {
        foreach (WorkloadTable table in WorkloadTable.Operations(data))
        {
            text.AddTable(
                $"### Fastest kernel of each problem, {Markdown.Escape(table.WordsIn(data))}",
                [
                    "Shape", "Problem", "Threads", "Kernel", "Median", "Exact GFLOP/s", "Share of multiply-add peak", "Builds on", "× its time",
                    "× best peer",
                ],
                table.Rows.Select(row => new[]
                {
                    Markdown.Escape(row.Case.Result.Shape ?? ""), Markdown.Escape(row.Case.Result.Problem), $"{row.Case.Result.Threads}",
                    Markdown.Escape(row.Case.Result.Kernel), Numbers.Time(row.Case.Nanoseconds),
                    Numbers.Or(row.Case.Result.ExactGflops, Numbers.Significant), Numbers.Or(row.Case.Result.CeilingShare, Numbers.Share),
                    Markdown.Escape(row.PlainText), row.Cost?.ToString() ?? "–", row.OverPeer?.ToString() ?? "–",
                }));
        }
    }

    private static void AddFormats(MarkdownBlocks text, ReportData data)
    {
        foreach (WorkloadTable table in WorkloadTable.Formats(data))
        {
            text.AddTable(
                $"### {Markdown.Escape(table.WordsIn(data))} against float32",
                ["Shape", "Problem", "Threads", "Kernel", "Median", "Exact GFLOP/s", "GB/s", "Share of bandwidth", "Builds on", "× as fast", "× best peer"],
                table.Rows.Select(row => new[]
                {
                    Markdown.Escape(row.Case.Result.Shape ?? ""), Markdown.Escape(row.Case.Result.Problem), $"{row.Case.Result.Threads}",
                    Markdown.Escape(row.Case.Result.Kernel), Numbers.Time(row.Case.Nanoseconds),
                    Numbers.Or(row.Case.Result.ExactGflops, Numbers.Significant), Numbers.Or(row.Case.Result.GigabytesPerSecond, Numbers.Significant),
                    Numbers.Or(row.Case.Result.BandwidthShare, Numbers.Share), Markdown.Escape(row.PlainText), row.Gain?.ToString() ?? "–",
                    row.OverPeer?.ToString() ?? "–",
                }));
        }
    }

    private static void AddCases(MarkdownBlocks text, ReportData data)
    {
        IReadOnlyList<CaseColumn> columns = CaseColumn.All(data.HasSeveralRuns);
        text.AddTable(
            "### All cases",
            [.. columns.Select(column => Markdown.Escape(column.Title))],
            data.Rows.Select(shown => columns.Select(column => Markdown.Escape(column.Text(shown))).ToArray()));
    }
}
