using System.CommandLine;
using System.Globalization;
using Kernels.Report.Formatting;
using Kernels.Report.Model;
using Kernels.Results;

namespace Kernels.Bench.Commands;

/// <summary><c>compare-runs</c>: what became faster or slower from one run to another.</summary>
internal sealed class CompareRunsCommand
{
    private readonly Argument<string> a = new("A") { Description = "Folder of the earlier run, or its results.json." };

    private readonly Argument<string> b = new("B") { Description = "Folder of the later run, or its results.json." };

    private readonly Option<string?> failAbove = new("--fail-above")
    {
        Description = "Exit with 1 when a case is slower by more than so many percent, or lost: its kernel is wrong, failed or took too long in B.",
        HelpName = "PERCENT",
    };

    private readonly Option<string?> json = new("--json")
    {
        Description = "Write all figures to FILE, as docs/results.md describes.",
        HelpName = "FILE",
    };

    public static Command Create()
    {
        var compare = new CompareRunsCommand();
        var command = new Command(
            "compare-runs",
            $"Compare two runs case by case; nothing is measured. A case is slower or faster when {RunComparison.Rule}.")
        {
            compare.a, compare.b, compare.failAbove, compare.json,
        };
        command.SetAction(compare.Run);
        return command;
    }

    private int Run(ParseResult parse)
    {
        double? most = parse.GetValue(failAbove) is { } text ? Share(text) : null;
        string? file = parse.GetValue(json);
        if (file is not null)
            OutputFile.RequireJson<RunChanges>(file);
        string[] paths = [parse.GetRequiredValue(a), parse.GetRequiredValue(b)];
        TextWriter output = parse.InvocationConfiguration.Output, error = parse.InvocationConfiguration.Error;
        var data = new ReportData([.. paths.Select(path => RunInput.Load(path, error))]);
        (ReportRun first, ReportRun second) = (data.Runs[0], data.Runs[1]);
        var results = new RunChanges
        {
            A = Compared(first),
            B = Compared(second),
            Differences = [.. MachineFacts.Differences(first.Results.Machine, second.Results.Machine)],
            Changes = RunComparison.Changes(data),
        };
        if (!results.Changes.Any(change => change.Ratio is not null))
            throw new UserError($"{paths[0]} and {paths[1]} have no measured case in common.");
        if (most is not null && results.A.Machine != results.B.Machine)
        {
            string machines = $"A is of {OneLine.Quote(results.A.Machine)}, B of {OneLine.Quote(results.B.Machine)}";
            throw new UserError($"{failAbove.Name} needs two runs of one machine: {machines}.");
        }
        CompareRunsView.Write(output, results);
        if (file is not null)
            JsonFile.Write(file, results);
        if (most is { } limit && results.Changes.Count(change => change.Noise > limit) is > 0 and var hidden)
        {
            string cases = $"{hidden} of {results.Changes.Count} cases";
            output.WriteLine($"Noise is more than {Numbers.Percent(limit)} in {cases}: there, a change of that size would not be seen.");
        }
        if (most is null || Failing(results, most.Value) is not { Length: > 0 } failing)
            return ExitCode.Ok;
        string worst = string.Join(", ", failing.Take(3).Select(change => $"{change.Kernel} on {change.Problem} ({Numbers.Threads(change.Threads)})"));
        string count = $"{failing.Length} {(failing.Length == 1 ? "case is" : "cases are")}", more = failing.Length > 3 ? " …" : "";
        error.WriteLine(OneLine.Clean($"{count} lost or slower by more than {Numbers.Percent(most.Value)}: {worst}{more}."));
        return ExitCode.Failed;
    }

    private static CaseChange[] Failing(RunChanges results, double most) =>
        [.. results.Changes.Where(change => change.Lost || (change.Verdict == ChangeVerdict.Slower && change.Ratio!.Value.Median - 1 > most))];

    private static ComparedRun Compared(ReportRun run) => new(run.Results.Machine.Name, run.Results.Run, run.Conditions);

    private double Share(string text)
    {
        const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowTrailingWhite;
        return double.TryParse(text.Trim().TrimEnd('%'), Style, CultureInfo.InvariantCulture, out double percent) && double.IsFinite(percent)
            ? percent / 100
            : throw new UserError($"{failAbove.Name} takes a number of percent such as 5%, not '{OneLine.Quote(text)}'.");
    }
}
