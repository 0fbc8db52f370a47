using System.CommandLine;
using Kernels.Bench.Commands.Selection;
using Kernels.Measurement.Machine;
using Kernels.Measurement.Runs;
using Kernels.Report;
using Kernels.Report.Files;
using Kernels.Results;
using Kernels.Training;
using Kernels.Training.Tasks;

namespace Kernels.Bench.Commands;

/// <summary><c>train</c>: small models learn a task on the kernels of this suite alone.</summary>
internal static class TrainCommand
{
    private const int MostSteps = 1_000_000;

    private static readonly Argument<string?> name = new("TASK")
    {
        Description = string.Join(" or ", TrainingTasks.All.Select(task => task.Name)) + "; that of the folder with --resume.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string?> output = new("--out")
    {
        Description = "Folder for checkpoints, results and page, new or empty; training/TASK when left out.",
        HelpName = "DIR",
    };

    private static readonly Option<string?> resume = new("--resume")
    {
        Description = "Go on with the training of a folder, which was stopped or killed.",
        HelpName = "DIR",
    };

    private static readonly Option<int> seed = new("--seed")
    {
        Description = "Of the parameters to begin with, and of the sentences.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<int?> steps = new("--steps") { Description = "Steps of each model; enough for the task when left out.", HelpName = "N" };

    private static readonly Option<string> threads = new("--threads")
    {
        Description = "Threads, or all; the same seed gives the same parameters on any number.",
        DefaultValueFactory = _ => "all",
    };

    public static Command Create()
    {
        var command = new Command("train", "Train small models on the kernels of this suite, and show what they learn.")
        {
            name, output, resume, seed, steps, threads, TrainingSelection.Option,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parse)
    {
        TextWriter log = parse.InvocationConfiguration.Output, error = parse.InvocationConfiguration.Error;
        ThisProgram.WarnOfDebugBuild(error);
        (string folder, TrainingResults results) = parse.GetValue(resume) is { } begun ? (begun, Resumed(parse, begun)) : Fresh(parse);
        TrainingTask task = TrainingFolder.TaskOf(results);
        var kernels = TrainingSelection.Of(TrainingResults.FileName, results.Kernels.Values);
        var run = new TrainingRun(task, kernels, results.Threads, results.Seed, results.Steps, folder);
        var view = new TrainingView(log, results);
        using var signal = new StopSignal(() => error.WriteLine("Stopping; a checkpoint is kept. Once more ends at once."));
        run.Require();
        Directory.CreateDirectory(folder);
        TrainingFolder.Write(folder, results);
        IReadOnlyList<TrainedModel> models = run.Run(
            soFar =>
            {
                TrainingFolder.Write(folder, results with { Models = soFar });
                view.WritePoint(soFar[^1]);
            },
            signal.Token);
        results = results with { Models = models, Interrupted = models.Count < task.Models.Count || models.Any(model => model.Step < results.Steps) };
        TrainingFolder.Write(folder, results);
        ReportWriter.Write(results, folder);
        view.WriteTests(results);
        log.WriteLine($"Report: {Path.Combine(folder, ReportFolder.Page)}");
        if (results.Interrupted)
            log.WriteLine($"It goes on with: {Examples.Program} train --resume {folder}");
        return results.Interrupted ? ExitCode.Interrupted : ExitCode.Ok;
    }

    private static (string, TrainingResults) Fresh(ParseResult parse)
    {
        TrainingTask task = parse.GetValue(name) is { } given
            ? TrainingTasks.Find(given) ?? throw new UserError($"There is no task '{OneLine.Quote(given)}'; there are {Names}.")
            : throw new UserError($"Give a task, {Names}, or {resume.Name} DIR.");
        int count = steps.Number(parse, 1, MostSteps) ?? task.UsualSteps, start = seed.Number(parse, 0, int.MaxValue);
        string folder = parse.GetValue(output) ?? Path.Combine(RunFolders.Root(), "training", task.Name);
        if (File.Exists(folder))
            throw new UserError(OneLine.Clean($"{folder} is a file; {output.Name} names a folder."));
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new UserError(OneLine.Clean(
                $"{folder} has {(TrainingFolder.Is(folder) ? $"a training, with which {resume.Name} goes on" : "files")}; name a new or empty folder by "
                    + $"{output.Name}."));
        }
        return (folder, new TrainingResults
        {
            Command = CommandLineText.Of(parse, "train", [name], [seed, steps, threads, TrainingSelection.Option]),
            Started = DateTimeOffset.UtcNow,
            GitRevision = GitRevision.OfBuild,
            Machine = ThisMachine.Read(),
            Task = task.Name,
            Seed = start,
            Steps = count,
            Threads = ThreadSelection.One(parse.GetValue(threads)!),
            Kernels = TrainingSelection.Names(TrainingSelection.Parse(parse.GetValue(TrainingSelection.Option))),
            CurveTest = task.CurveTest.Name,
            LeastLoss = task.LeastLoss,
            Models = [],
        });
    }

    private static TrainingResults Resumed(ParseResult parse, string folder)
    {
        foreach (Option option in (Option[])[output, seed, steps, TrainingSelection.Option])
        {
            if (option.IsGiven(parse))
                throw new UserError($"{resume.Name} goes on as the training was begun; omit {option.Name}.");
        }
        TrainingResults results = TrainingFolder.Read(folder);
        if (parse.GetValue(name) is { } given && given != results.Task)
            throw new UserError(OneLine.Clean($"{folder} has a training of {results.Task}, not of '{OneLine.Quote(given)}'."));
        return results with { Interrupted = false, Threads = ThreadSelection.One(parse.GetValue(threads)!) };
    }

    private static string Names => string.Join(" and ", TrainingTasks.All.Select(task => task.Name));
}
