using System.CommandLine;
using System.Runtime.InteropServices;
using Kernels.Abstractions;
using Kernels.Bench.Commands.Selection;
using Kernels.Measurement.Judging;
using Kernels.Peers;
using Kernels.Reference;
using Kernels.Validation;

namespace Kernels.Bench.Commands;

/// <summary>
/// <c>judge</c>: the child of <c>verify</c> and <c>compare</c>, which reads cases of the gate from standard input and writes verdicts. It reads the
/// same options.
/// </summary>
internal static class JudgeCommand
{
    private const string Verb = "judge";

    private static readonly Option<string?> threads = SelectionOptions.Threads();
    private static readonly Option<string?> peers = SelectionOptions.Peers();
    private static readonly Option<string?> device = SelectionOptions.Device();

    public static Command Create()
    {
        var command = new Command(Verb, "Judge the cases that standard input names; for verify and compare.") { AssemblyOption.Option, peers, threads, device };
        command.Hidden = true;
        command.SetAction(Run);
        return command;
    }

    /// <summary>A judge in such a child; the caller disposes it.</summary>
    /// <param name="peersFolder">Null without peers.</param>
    /// <param name="wish">Where kernels of devices run; null for the best device.</param>
    /// <param name="printed">Receives what kernels print.</param>
    /// <param name="stop">Ends the child.</param>
    /// <param name="threadCounts">As on the command line; null for the usual.</param>
    /// <param name="fence">The fence around every buffer.</param>
    /// <param name="limit">Longest time of a kernel on a case; null for the usual.</param>
    public static JudgeProcess Start(
        string? peersFolder, DeviceWish? wish, TextWriter printed, CancellationToken stop,
        string? threadCounts = null, Fence fence = Fence.Sentinels, TimeSpan? limit = null) => new(
        ThisProgram.Process,
        [
            Verb, .. AssemblyOption.Words,
            .. peersFolder is null ? [] : new[] { peers.Name, peersFolder },
            .. wish is null ? [] : new[] { device.Name, wish.Text },
            .. threadCounts is null ? [] : new[] { threads.Name, threadCounts },
        ],
        fence, limit, printed, stop);

    private static int Run(ParseResult parse)
    {
        // A terminal sends Ctrl-C to the child too; the parent decides when it ends.
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        using Stream output = Console.OpenStandardOutput();
        Console.SetOut(Console.Error);
        using PeerSet present = PeerSet.Open(SelectionOptions.PeersFolder(parse, peers));
        DeviceWish? wish = SelectionOptions.DeviceWanted(parse, device);
        using var cache = new ReferenceCache(Catalog.References);
        JudgeServer.Serve(
            Console.OpenStandardInput(), output, name => KernelSelection.One(name, wish, present.Kernels), cache,
            parse.GetValue(threads) is { } counts ? ThreadSelection.Parse(counts) : null);
        return ExitCode.Ok;
    }
}
