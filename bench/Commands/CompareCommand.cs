using System.CommandLine;
using System.Text.Json;
using Kernels.Abstractions;
using Kernels.Bench.Display;
using Kernels.Measurement;
using Kernels.Measurement.Comparison;
using Kernels.Measurement.Judging;
using Kernels.Measurement.Machine;
using Kernels.Peers;
using Kernels.Results;
using Kernels.Validation;
using Spectre.Console;

namespace Kernels.Bench.Commands;

/// <summary><c>compare</c>: two kernels measured in turn, and the interval of their ratio.</summary>
internal sealed class CompareCommand
{
    private readonly CompareOptions options = new();

    public static Command Create()
    {
        var compare = new CompareCommand();
        Command command = compare.options.Command;
        command.SetAction(compare.Run);
        return command;
    }

    private int Run(ParseResult parse)
    {
        TextWriter output = parse.InvocationConfiguration.Output, error = parse.InvocationConfiguration.Error;
        using PeerSet peers = PeerSet.Open(options.PeersFolder(parse));
        CompareRequest request = options.Request(parse, peers);
        string? json = options.Json(parse);
        if (json is not (null or CompareOptions.StandardOutput))
            OutputFile.RequireJson<CompareResults>(json);
        ThisProgram.WarnOfDebugBuild(error);
        DateTimeOffset started = DateTimeOffset.UtcNow;
        MachineInfo machine = ThisMachine.Read();
        if (json != CompareOptions.StandardOutput)
            ConditionsView.WriteMachine(output, machine, request.Entries.Max(entry => entry.Threads));

        using var signal = new StopSignal(() => error.WriteLine("Stopping; what was measured is shown. Once more ends at once."));
        (IReadOnlyList<CompareRow> rows, string? failure) = WithProgress(
            output, json == CompareOptions.StandardOutput, progress => Measure(parse, request, progress, error, signal.Token));
        var results = new CompareResults
        {
            Command = options.CommandText(parse),
            Started = started,
            GitRevision = GitRevision.OfBuild,
            Machine = machine,
            Cold = request.Cold,
            Interrupted = signal.Token.IsCancellationRequested,
            Rows = rows,
        };
        if (json != CompareOptions.StandardOutput)
            CompareView.Write(output, results);
        if (failure is not null)
            error.WriteLine(failure);
        Write(json, output, results);
        return results.Interrupted ? ExitCode.Interrupted
            : failure is not null || rows.Any(row => row.Status is CaseStatus.Wrong or CaseStatus.Failed) ? ExitCode.Failed
            : ExitCode.Ok;
    }

    private (IReadOnlyList<CompareRow> Rows, string? Failure) Measure(
        ParseResult parse, CompareRequest request, IRunProgress progress, TextWriter error, CancellationToken stop)
    {
        if (!options.IsWorker(parse) && Rejected(request, progress, error, stop) is { } rejection)
            return ([], rejection);
        if (request.Processes > 1)
            return ProcessComparison.Execute(ThisProgram.Process, request, file => options.WorkerArguments(request, file), progress, stop);
        return (ComparisonRun.Execute(request, progress, stop), null);
    }

    /// <summary>The gate's rejection; null when all are right, or the gate was stopped.</summary>
    private static string? Rejected(CompareRequest request, IRunProgress progress, TextWriter error, CancellationToken stop)
    {
        using var cache = new ReferenceCache(request.References);
        using JudgeProcess judge = JudgeCommand.Start(request.Peers, request.Device, error, stop);
        var gate = new GateOptions { Cases = GateCases.With(Catalog.References, GateDepth.Quick), Cache = cache, Judge = judge, StopAtFirstFailure = true };
        try
        {
            foreach (Kernel kernel in request.Kernels)
            {
                progress.Begin($"gate: {kernel.Info.Name}");
                if (GateRun.Validate(kernel, gate, new StopBetweenCases(stop)).Failure is { } failure)
                    return $"The gate rejects {kernel.Info.Name}, so nothing was timed: {failure}";
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped before anything was measured.
        }
        return null;
    }

    /// <summary>Runs the work with a progress bar; without one where the output is not a terminal, or is to be silent.</summary>
    public static T WithProgress<T>(TextWriter output, bool silent, Func<IRunProgress, T> work)
    {
        var terminal = new AnsiConsoleOutput(output);
        return terminal.IsTerminal && !silent
            ? BarProgress.Show(terminal, work)
            : work(new PlainProgress(TextWriter.Null));
    }

    private static void Write(string? json, TextWriter output, CompareResults results)
    {
        if (json is null)
            return;
        if (json == CompareOptions.StandardOutput)
            output.WriteLine(JsonSerializer.Serialize(results, ResultsJson.Options));
        else
            JsonFile.Write(json, results);
    }
}
