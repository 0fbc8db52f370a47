using System.CommandLine;
using Kernels.Bench.Commands.Selection;
using Kernels.Bench.Display;
using Kernels.Measurement.Machine;
using Kernels.Measurement.Runs;
using Kernels.Peers;
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
        if (!RuntimeKnobs.IsOptimized)
            error.WriteLine("This is a debug build: its times are meaningless. Use dotnet run -c Release.");
        RunStore? begun = options.Resumes(parse) ? Open(parse, options) : null;
        using PeerSet peers = PeerSet.Open(begun is null ? options.PeersFolder(parse) : begun.Header.Peers);
        (RunStore store, RunRequest request) = begun is null ? Begin(parse, options, peers) : Resume(parse, options, begun, peers);
        foreach (string damaged in store.Damaged)
            error.WriteLine($"Damaged, measured again: {damaged}");

        using var signal = new StopSignal(() => error.WriteLine("Stopping; what was measured is kept. Once more ends at once."));
        try
        {
            var terminal = new AnsiConsoleOutput(output);
            RunResults results = terminal.IsTerminal
                ? BarProgress.Show(terminal, progress => new MeasurementRun(store, request, progress, Catalog.References, ThisProgram.Disassembly).Execute(signal.Token))
                : new MeasurementRun(store, request, new PlainProgress(output), Catalog.References, ThisProgram.Disassembly).Execute(signal.Token);
            ResultTables.Write(output, terminal.IsTerminal ? terminal.Width : PlainWidth, results);
            ReportWriter.Write([results], store.Folder);
            output.WriteLine($"Report: {Path.Combine(store.Folder, ReportFolder.Page)}");
            return ExitCodeOf(results);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"{failure.Message.TrimEnd('.')}. What was measured is kept; continue with: {Examples.Program} run --resume {store.Folder}");
            return ExitCode.Failed;
        }
    }

    private static (RunStore Store, RunRequest Request) Begin(ParseResult parse, RunOptions options, PeerSet peers)
    {
        RunRequest request = options.Request(parse, peers);
        MachineInfo machine = MachineInfoReader.Read(KernelLibraries.Versions());
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
            Device = request.Device?.Text,
            GitRevision = GitRevision.Read(root),
        };
        return (RunStore.Create(folder, RunHeader.Of(request, run, machine, Catalog.On(request.Device))), request);
    }

    private static RunStore Open(ParseResult parse, RunOptions options)
    {
        string folder = options.ResumedFolder(parse)
            ?? RunFolders.Newest(RunFolders.OfMachine(RunFolders.Root(), MachineInfoReader.Read(KernelLibraries.Versions()).Name));
        return RunStore.Open(Path.GetFullPath(folder));
    }

    private static (RunStore Store, RunRequest Request) Resume(ParseResult parse, RunOptions options, RunStore store, PeerSet peers)
    {
        AssemblyOption.Join(store.Header.Assemblies);
        RunRequest request = store.Header.ToRequest(
            options.Budget(parse), (name, device) => KernelSelection.One(name, device, peers.Kernels));
        store.Header.RequireSame(MachineInfoReader.Read(KernelLibraries.Versions()), options.Selects(parse) ? options.Request(parse, peers) : request, Catalog.All);
        return (store, request);
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
