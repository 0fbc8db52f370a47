using System.CommandLine;
using Kernels.Abstractions;
using Kernels.Bench.Suites;
using Kernels.Measurement.Runs;
using Kernels.Peers;
using Kernels.Results;

namespace Kernels.Bench.Commands.Selection;

/// <summary>The options that select kernels, problems and threads, the same for every verb.</summary>
internal static class SelectionOptions
{
    public const string KernelsName = "--kernels";
    public const string ShapesName = "--shapes";
    public const string LengthsName = "--lengths";
    public const string MasksName = "--masks";
    public const string ThreadsName = "--threads";
    public const string PeersName = "--peers";
    public const string DeviceName = "--device";

    /// <summary>For <see cref="KernelSelection.Parse"/>.</summary>
    public static Option<string?> Kernels() => new(KernelsName)
    {
        Description = "Kernels by name, * and ? allowed: 'flash-*,naive-three-pass'. All when left out.",
        HelpName = "GLOB,…",
        CompletionSources = { Completion.Kernels },
    };

    /// <summary>For <see cref="ShapeSelection.Parse"/>.</summary>
    public static Option<string?> Shapes() => new(ShapesName)
    {
        Description = "Shapes of models, see list --shapes, or sizes: b1-h8-q512-k512-d64-causal; h8/2 is 8 heads on 2 kv heads.",
        HelpName = "SHAPE,…",
        CompletionSources = { Completion.Of(() => NamedShapes.All.Select(shape => shape.Shape!)) },
    };

    /// <summary>For <see cref="ShapeSelection.Parse"/>.</summary>
    public static Option<string?> Lengths() => new(LengthsName)
    {
        Description = "Replace queries and keys of the shapes: 128..4096 in powers of two, or 128,256,1000.",
        HelpName = "LENGTHS",
    };

    /// <summary>For <see cref="ShapeSelection.Parse"/>.</summary>
    public static Option<string?> Masks() => new(MasksName)
    {
        Description = "Replace the masks of the shapes: full, causal, causal-topleft, window128 (64 keys on each side), window127+0.",
        HelpName = "MASK,…",
        CompletionSources = { Completion.Of(() => MaskForms.All.Select(form => form.Example)) },
    };

    /// <summary>For <see cref="ThreadSelection.Parse"/>.</summary>
    public static Option<string?> Threads() => new(ThreadsName)
    {
        Description = "Numbers of threads: 1,2 or all.",
        HelpName = "N,…",
    };

    /// <summary>For <see cref="ThreadSelection.One"/>.</summary>
    public static Option<string> Team() => new(ThreadsName) { Description = "Threads, or all.", DefaultValueFactory = _ => "1" };

    /// <summary>For <see cref="PeersFolder"/>.</summary>
    public static Option<string?> Peers() => new(PeersName)
    {
        Description = "Add outside programs, such as ONNX Runtime; bench/peers of the checkout when DIR is left out. See docs/peers.md.",
        HelpName = "DIR",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>The folder of the requested peers, for <see cref="PeerSet.Open"/>; null when none are.</summary>
    public static string? PeersFolder(ParseResult parse, Option<string?> peers) =>
        parse.GetResult(peers) is null ? null : Path.GetFullPath(parse.GetValue(peers) ?? PeerSet.UsualFolder(RunFolders.Root()));

    /// <summary>For <see cref="DeviceWanted"/>.</summary>
    public static Option<string?> Device() => new(DeviceName)
    {
        Description = "Where device kernels run: gpu, cpu, cuda, opencl, or part of a device's name. The best device when left out.",
        HelpName = "DEVICE",
    };

    /// <summary>The requested device; null when there is no request.</summary>
    /// <exception cref="UserError">No kernel finds such a device.</exception>
    public static DeviceWish? DeviceWanted(ParseResult parse, Option<string?> device)
    {
        if (parse.GetValue(device) is not { } text)
            return null;
        var wish = new DeviceWish(text);
        string?[] reasons = [.. Catalog.On(wish).Where(kernel => kernel.Backend is { TimesItself: false }).Select(kernel => kernel.Unavailable)];
        return reasons.Contains(null) ? wish
            : throw new UserError($"{DeviceName} {OneLine.Quote(text)} finds no device: {string.Join("; ", reasons.Distinct())}.");
    }

    /// <summary>Refuses a requested device, or peers, that no selected kernel uses, instead of ignoring them.</summary>
    /// <exception cref="UserError">No selected kernel does.</exception>
    public static void RequireUsed(IEnumerable<Kernel> chosen, DeviceWish? wish, params IReadOnlyList<Kernel> peers)
    {
        if (wish is not null && !chosen.Any(kernel => kernel.Backend is { TimesItself: false }))
            throw new UserError($"{DeviceName} {OneLine.Quote(wish.Text)}: no kernel that was chosen runs on a device.");
        if (peers.Count > 0 && !chosen.Any(kernel => kernel.Backend is { TimesItself: true }))
            throw new UserError($"{PeersName}: no kernel that was chosen is a peer; they are {string.Join(", ", peers.Select(peer => peer.Info.Name))}.");
    }

    /// <summary>For the gate's own test: whether it is run although verdicts are kept.</summary>
    public static Option<bool> Afresh() => new("--afresh")
    {
        Description = "Run the wrong kernels again, where an earlier run of the same build kept the verdicts on them.",
    };

    /// <summary>For measurements: whether the caches are emptied before each call.</summary>
    public static Option<bool> Cold() => new("--cold")
    {
        Description = "Empty the caches before each call, outside the time; one call a sample. Warm caches when left out.",
    };

    /// <summary>Whether the option is on the command line.</summary>
    public static bool IsGiven(this Option option, ParseResult parse) => parse.GetResult(option) is { Implicit: false };
}
