using System.CommandLine;
using Kernels.Report;
using Kernels.Report.Files;
using Kernels.Report.Model;
using Kernels.Results;
using Kernels.Training;

namespace Kernels.Bench.Commands;

/// <summary><c>report</c>: makes the report from results of one run or of several together.</summary>
internal sealed class ReportCommand
{
    /// <summary>The markers of the headline in a document.</summary>
    internal static readonly MarkedBlock Headline = new("headline");

    /// <summary>Those of the headline of a run on a device.</summary>
    internal static readonly MarkedBlock DeviceHeadline = new("device headline");

    private readonly Argument<string[]> folders = new("DIR")
    {
        Description = "Folders of runs, finished or not; or a results.json; or the folder of a training.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> output = new("--out")
    {
        Description = "Folder for the report; needed for several runs. Left out, one run's report goes into the run's folder.",
        HelpName = "DIR",
    };

    private readonly Option<FileInfo?> headline = new("--headline")
    {
        Description = "Only the table of the fastest kernel at each length, or on a device on each problem, as Markdown; with a FILE it "
            + "replaces the table between that file's markers.",
        HelpName = "FILE",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<bool> history = new("--history")
    {
        Description = "DIR is a folder of runs, such as reports/MACHINE: the times of all its runs of one machine over time, and what became faster "
            + "or slower. Without --out it goes into DIR/history.",
    };

    public static Command Create()
    {
        var report = new ReportCommand();
        var command = new Command("report", "Make the report again from the results of one or more runs, or of a training; nothing is measured.")
        {
            report.folders, report.output, report.headline, report.history,
        };
        command.SetAction(report.Write);
        return command;
    }

    private int Write(ParseResult parse)
    {
        string[] runs = parse.GetRequiredValue(folders);
        string? target = parse.GetValue(output);
        if (parse.GetResult(headline) is not null)
            return WriteHeadline(parse, runs, target);
        if (parse.GetValue(history))
            return WriteHistory(parse, runs, target);
        if (target is null && runs.Length > 1)
            throw new UserError($"Say with --out DIR where the report of these {runs.Length} runs goes.");
        if (target is not null)
            ReportFolder.RequireFree(target);
        if (runs.FirstOrDefault(TrainingFolder.Is) is { } training)
            return WriteTraining(parse, runs, training, target);
        TextWriter error = parse.InvocationConfiguration.Error;
        List<RunResults> results = [.. runs.Select(run => RunInput.Load(run, error))];
        target ??= Directory.Exists(runs[0]) ? runs[0] : Path.GetDirectoryName(Path.GetFullPath(runs[0]))!;
        ReportWriter.Write(results, target);
        return Written(parse, target);
    }

    private static int WriteTraining(ParseResult parse, string[] folders, string training, string? target)
    {
        if (folders.Length > 1)
            throw new UserError(OneLine.Clean($"{training} is a training, which has a report of its own; name it alone."));
        target ??= training;
        ReportWriter.Write(TrainingFolder.Read(training), target);
        return Written(parse, target);
    }

    private static int WriteHistory(ParseResult parse, string[] folders, string? target)
    {
        if (folders is not [{ } folder])
            throw new UserError("--history is of one folder of runs.");
        target ??= Path.Combine(folder, "history");
        ReportFolder.RequireFree(target);
        var runs = new RunHistory(RunInput.LoadAll(folder, parse.InvocationConfiguration.Error));
        if (runs.Cases.Count == 0)
            throw new UserError($"The runs in {folder} have no measured case in common.");
        ReportWriter.Write(runs, target);
        parse.InvocationConfiguration.Output.WriteLine(Summary(runs));
        return Written(parse, target);
    }

    private static string Summary(RunHistory history)
    {
        int Count(ChangeVerdict verdict) => history.Steps.Count(step => step.Change.Verdict == verdict);
        int runs = history.Data.Runs.Count;
        string few = runs < HistoryStep.FewestPast + 2
            ? $" These are too few to judge a change by earlier ones: that needs {HistoryStep.FewestPast + 2} runs." : "";
        return $"{runs} runs, {history.Cases.Count} cases; changes to slower: {Count(ChangeVerdict.Slower)}, to faster: {Count(ChangeVerdict.Faster)}.{few}";
    }

    private static int Written(ParseResult parse, string target)
    {
        parse.InvocationConfiguration.Output.WriteLine($"Report: {Path.Combine(target, ReportFolder.Page)}");
        return ExitCode.Ok;
    }

    private int WriteHeadline(ParseResult parse, string[] runs, string? target)
    {
        if (runs is not [{ } run] || target is not null || parse.GetValue(history))
            throw new UserError("--headline is of one run, and goes without --out and --history.");
        TextWriter output = parse.InvocationConfiguration.Output;
        RunResults results = RunInput.Load(run, parse.InvocationConfiguration.Error);
        string? file = parse.GetValue(headline)?.FullName;
        string from = file is null ? Directory.GetCurrentDirectory() : Path.GetDirectoryName(file)!;
        string path = Path.GetRelativePath(from, Directory.Exists(run) ? run : Path.GetDirectoryName(Path.GetFullPath(run))!);
        (string text, bool isOfDevice) = HeadlineMarkdown.Text(results, path.Replace(Path.DirectorySeparatorChar, '/'), Examples.Program);
        if (file is null)
            output.Write(text);
        else
            (isOfDevice ? DeviceHeadline : Headline).Update(file, text);
        return ExitCode.Ok;
    }
}
