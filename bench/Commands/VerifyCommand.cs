using System.CommandLine;
using Kernels.Abstractions;
using Kernels.Bench.Commands.Selection;
using Kernels.Measurement.Judging;
using Kernels.Measurement.WrongTimings;
using Kernels.Peers;
using Kernels.Reference;
using Kernels.Results;
using Kernels.Validation;

namespace Kernels.Bench.Commands;

/// <summary><c>verify</c>: the gate, for any kernels, shapes, seeds and inputs.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var options = new VerifyOptions();
        var command = new Command("verify", "Check kernels against float64, on inputs where mistakes show.");
        foreach (Option option in options.All)
            command.Add(option);
        command.SetAction(parse => Run(parse, options));
        return command;
    }

    private static int Run(ParseResult parse, VerifyOptions options)
    {
        TextWriter error = parse.InvocationConfiguration.Error;
        if (parse.GetValue(options.Afresh) && !parse.GetValue(options.WrongKernels))
            throw new UserError($"{options.Afresh.Name} goes with {options.WrongKernels.Name}.");
        string? peersFolder = SelectionOptions.PeersFolder(parse, options.Peers);
        using PeerSet present = PeerSet.Open(peersFolder);
        DeviceWish? wish = SelectionOptions.DeviceWanted(parse, options.Device);
        IReadOnlyList<Kernel> chosen = KernelSelection.Parse(parse.GetValue(options.Kernels), wish, present.Kernels);
        SelectionOptions.RequireUsed(chosen, wish, present.Kernels);
        string? threads = parse.GetValue(options.Threads);
        _ = threads is null ? null : ThreadSelection.Parse(threads);
        (IReadOnlyList<GateCase> cases, GeneratedSet? generated) = options.Cases(parse);
        TimeSpan? limit = options.CaseLimit(parse);
        using var signal = new StopSignal(() => error.WriteLine("Stopping; the verdicts so far are kept. Once more ends at once."));
        using JudgeProcess judge = JudgeCommand.Start(
            peersFolder, wish, error, signal.Token, threads, parse.GetValue(options.Guard) ? Fence.GuardPages : Fence.Sentinels, limit);
        using var cache = new ReferenceCache(Catalog.References);
        string? file = parse.GetValue(options.Json)?.FullName;
        if (file is not null)
            OutputFile.RequireJson<VerifyResults>(file);
        var gate = new GateOptions { Cases = cases, Cache = cache, Judge = judge, Stop = signal.Token };
        var view = new VerifyView(parse.InvocationConfiguration.Output);
        VerifyResults results = view.WithProgress(progress => new VerifyResults
        {
            Kernels = [.. chosen.TakeWhile(_ => !signal.Token.IsCancellationRequested)
                .Select(kernel => KernelVerification.Of(kernel, gate, progress, each => options.Replay(parse, kernel.Info.Name, each)))],
            Generated = generated,
            Captured = options.Captured(parse, cases),
            Validator = Score(parse, options, cache, progress, signal.Token),
            WrongTimings = parse.GetValue(options.WrongKernels) && !signal.Token.IsCancellationRequested ? WrongTimingSet.Score(signal.Token) : null,
            Stopped = signal.Token.IsCancellationRequested,
        });
        if (file is not null)
            JsonFile.Write(file, results);
        view.Write(results);
        bool right = results.Kernels.All(kernel => kernel.Gate is not { Failed: > 0 });
        bool rejected = new[] { results.Validator, results.WrongTimings }.All(score => score is null || score.Rejected == score.Total);
        return results.Stopped ? ExitCode.Interrupted : right && rejected ? ExitCode.Ok : ExitCode.Failed;
    }

    private static ValidatorScore? Score(
        ParseResult parse, VerifyOptions options, ReferenceCache cache, IProgress<GateProgress>? progress, CancellationToken stop)
    {
        if (!parse.GetValue(options.WrongKernels) || stop.IsCancellationRequested)
            return null;
        try
        {
            return WrongKernelSet.Score(cache, new StopBetweenCases(stop, progress), parse.GetValue(options.Afresh));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
    }
}
