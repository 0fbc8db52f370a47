using System.CommandLine;
using Kernels.Bench.Commands.Selection;
using Kernels.Bench.Display;
using Kernels.Measurement;
using Kernels.Measurement.Machine;
using Kernels.Measurement.Runs;
using Kernels.Peers;
using Kernels.Reference;
using Kernels.Report;
using Kernels.Report.Files;
using Kernels.Results;
using Spectre.Console;

namespace Kernels.Bench.Commands;

/// <summary><c>run</c>: validates kernels, measures a suite, and writes the report.</summary>
internal static class RunCommand
{
    // Width of tables in files and pipes.
    private const int PlainWidth = 160;

    public static Command Create()
    {
        var options = new RunOptions();
        var command = new Command("run", "Check kernels against float64, measure them, and write a report.");
        foreach (Option option in options.All)
            command.Add(option);
        command.SetAction(parse => Run(parse, options));
        return command;
    }

    private static int Run(ParseResult parse, RunOptions options)
    {
        TextWriter output = parse.InvocationConfiguration.Output, error = parse.InvocationConfiguration.Error;
        ThisProgram.WarnOfDebugBuild(error);
        using RunStore? begun = options.Resumes(parse) ? Open(parse, options) : null;
        using PeerSet peers = PeerSet.Open(begun is null ? options.PeersFolder(parse) : begun.Header.Peers);
        RunRequest request = begun is null ? options.Request(parse, peers) : Resume(parse, options, begun, peers);
        RequireTime(options.Budget(parse), RunSteps.Fixed(request, begun?.Header.Results), output);
        using RunStore store = begun ?? Begin(parse, options, request);
        foreach (string damaged in store.Damaged)
            error.WriteLine($"Damaged, measured again: {damaged}");
        ConditionsView.WriteMachine(output, store.Header.Results.Machine, request.Plan.Select(planned => planned.Threads).DefaultIfEmpty(1).Max());

        using var signal = new StopSignal(() => error.WriteLine("Stopping; what was measured is kept. Once more ends at once."));
        try
        {
            var terminal = new AnsiConsoleOutput(output);
            MeasurementRun With(IRunProgress progress) => new(store, request, progress, Catalog.References, ThisProgram.Disassembly);
            bool wasComplete = With(new PlainProgress(output)).IsComplete;
            RunResults results = terminal.IsTerminal
                ? BarProgress.Show(terminal, progress => With(progress).Execute(signal.Token))
                : With(new PlainProgress(output)).Execute(signal.Token);
            try
            {
                // Before anything is said, which the output may not take.
                ReportWriter.Write([results], store.Folder);
            }
            finally
            {
                ResultTables.Write(output, terminal.IsTerminal ? terminal.Width : PlainWidth, results);
                ConditionsView.Write(output, results.Conditions);
            }
            output.WriteLine($"Report: {Path.Combine(store.Folder, ReportFolder.Page)}");
            if (wasComplete)
                output.WriteLine($"Nothing was left to measure: the run ended at {results.Run.Ended:u}.");
            foreach (string line in RunSummary.Lines(results))
                output.WriteLine(line);
            if (CapturedModel.Source is null)
                output.WriteLine($"The gate had no captured inputs: {CapturedModel.Missing}");
            return ExitCodeOf(results);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"{failure.Message.TrimEnd('.')}. What was measured is kept; continue with: {Examples.Program} run --resume {store.Folder}");
            return ExitCode.Failed;
        }
    }

    private static void RequireTime(TimeSpan? budget, double fixedSeconds, TextWriter output)
    {
        if (budget is not { } all)
            return;
        string need = $"about {fixedSeconds:0} s for ceilings, the gate on each kernel and the kernels that are wrong on purpose";
        if (all.TotalSeconds <= fixedSeconds)
            throw new UserError($"--budget {all.TotalSeconds:0.###}: besides its cases this run needs {need}; give more seconds, or fewer --kernels.");
        output.WriteLine($"Besides its cases this run needs {need}.");
    }

    private static RunStore Begin(ParseResult parse, RunOptions options, RunRequest request)
    {
        MachineInfo machine = ThisMachine.Read();
        string root = RunFolders.Root();
        DateTimeOffset started = DateTimeOffset.UtcNow;
        string folder = options.Output(parse) is { } given
            ? Path.GetFullPath(given)
            : RunFolders.Fresh(RunFolders.OfMachine(root, machine.Name), started, request.Suite);
        var run = new RunInfo
        {
            Id = Path.GetFileName(folder),
            Started = started,
            Command = request.Command,
            Suite = request.Suite,
            Cold = request.Cold,
            Inputs = request.Inputs == InputFamily.Normal ? null : request.Inputs.Text(),
            Device = request.Device?.Text,
            GitRevision = GitRevision.OfBuild,
        };
        return RunStore.Create(folder, RunHeader.Of(request, run, machine, Catalog.On(request.Device)));
    }

    private static RunStore Open(ParseResult parse, RunOptions options)
    {
        string folder = options.ResumedFolder(parse)
            ?? RunFolders.Newest(RunFolders.OfMachine(RunFolders.Root(), ThisMachine.Read().Name));
        return RunStore.Resume(Path.GetFullPath(folder));
    }

    private static RunRequest Resume(ParseResult parse, RunOptions options, RunStore store, PeerSet peers)
    {
        AssemblyOption.Join(store.Header.Assemblies);
        RunRequest request = store.Header.ToRequest(
            options.Budget(parse), (name, device) => KernelSelection.One(name, device, peers.Kernels));
        CapturedModel.Require(request.Inputs == InputFamily.Captured ? $"Run {store.Header.Results.Run.Id}" : null);
        request = request with { Captured = CapturedModel.Hash };
        store.Header.RequireSame(ThisMachine.Read(), options.Selects(parse) ? options.Request(parse, peers) : request, Catalog.All);
        return request;
    }

    private static int ExitCodeOf(RunResults results)
    {
        if (results.Run.Interrupted)
            return ExitCode.Interrupted;
        bool wrong = results.Kernels.Any(kernel => kernel.Gate is { Failed: > 0 })
            || results.Cases.Any(result => result.Status is CaseStatus.Wrong or CaseStatus.Failed);
        return wrong ? ExitCode.Failed : ExitCode.Ok;
    }
}
