using System.CommandLine;
using Kernels.Abstractions;
using Kernels.Bench.Commands.Selection;
using Kernels.Measurement;
using Kernels.Peers;
using Kernels.Reference;
using Kernels.Results;
using Kernels.Validation;

namespace Kernels.Bench.Commands;

/// <summary><c>verify</c>: the gate, for any kernels, shapes, seeds and inputs.</summary>
internal static class VerifyCommand
{
    private static readonly Option<string?> kernels = SelectionOptions.Kernels();
    private static readonly Option<string?> shapes = SelectionOptions.Shapes();
    private static readonly Option<string?> lengths = SelectionOptions.Lengths();
    private static readonly Option<string?> masks = SelectionOptions.Masks();
    private static readonly Option<string?> threads = SelectionOptions.Threads();
    private static readonly Option<string?> peers = SelectionOptions.Peers();
    private static readonly Option<string?> device = SelectionOptions.Device();

    private static readonly Option<string?> seeds = new("--seeds") { Description = "Seeds of the inputs: 1,2,3.", HelpName = "N,…" };

    private static readonly Option<string?> inputs = new("--inputs")
    {
        Description = $"Input families: {string.Join(", ", InputSelection.Names)}. All when left out.",
        HelpName = "FAMILY,…",
    };

    private static readonly Option<GateDepth> depth = new("--depth")
    {
        Description = "The gate's own list of cases, when no shape is given: quick (what every run does) or full.",
    };

    private static readonly Option<FileInfo?> json = new("--json")
    {
        Description = "Write every verdict to FILE, as docs/validation.md describes.",
        HelpName = "FILE",
    };

    private static readonly Option<bool> wrongKernels = new("--wrong-kernels")
    {
        Description = "Also run kernels that are wrong on purpose: the gate must reject all of them for the right reason.",
    };

    private static readonly Option<bool> guard = new("--guard")
    {
        Description = "Surround all memory with guard pages: an access outside its memory ends the process.",
    };

    public static Command Create()
    {
        var command = new Command("verify", "Check kernels against float64, on inputs where mistakes show.")
        {
            kernels, AssemblyOption.Option, peers, shapes, lengths, masks, seeds, inputs, depth, threads, device, json, wrongKernels, guard,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parse)
    {
        using PeerSet present = PeerSet.Open(SelectionOptions.PeersFolder(parse, peers));
        DeviceWish? wish = SelectionOptions.DeviceWanted(parse, device);
        IReadOnlyList<Kernel> chosen = KernelSelection.Parse(parse.GetValue(kernels), wish, present.Kernels);
        SelectionOptions.RequireUsed(chosen, wish, present.Kernels);
        using var cache = new ReferenceCache(Catalog.References);
        var options = new GateOptions
        {
            Cases = Cases(parse),
            Cache = cache,
            Threads = parse.GetValue(threads) is { } text ? ThreadSelection.Parse(text) : GateOptions.DefaultThreads,
            Fence = parse.GetValue(guard) ? Fence.GuardPages : Fence.Sentinels,
        };
        string? file = parse.GetValue(json)?.FullName;
        if (file is not null)
            JsonOutput.Require<VerifyResults>(file);
        var view = new VerifyView(parse.InvocationConfiguration.Output);
        VerifyResults results = view.WithProgress(progress => new VerifyResults
        {
            Kernels = [.. chosen.Select(kernel => Verify(kernel, options, progress))],
            Validator = parse.GetValue(wrongKernels) ? WrongKernelSet.Score(cache, progress) : null,
        });
        if (file is not null)
            JsonFile.Write(file, results);
        view.Write(results);
        bool right = results.Kernels.All(kernel => kernel.Gate is not { Failed: > 0 });
        bool rejected = results.Validator is not { } score || score.Rejected == score.Total;
        return right && rejected ? ExitCode.Ok : ExitCode.Failed;
    }

    private static IReadOnlyList<GateCase> Cases(ParseResult parse)
    {
        IReadOnlyList<int> chosenSeeds = SeedSelection.Parse(parse.GetValue(seeds));
        IReadOnlyList<InputFamily>? families = InputSelection.Parse(parse.GetValue(inputs));
        if (parse.GetValue(shapes) is null && parse.GetValue(lengths) is null && parse.GetValue(masks) is null)
        {
            IReadOnlyList<GateCase> all = GateCases.Of(parse.GetValue(depth), chosenSeeds);
            return families is null ? all : [.. all.Where(gateCase => gateCase.Injection is null && families.Contains(gateCase.Inputs))];
        }
        if (depth.IsGiven(parse))
            throw new UserError("Give a --depth, or --shapes, --lengths and --masks, not both.");
        IReadOnlyList<NamedProblem> problems = ShapeSelection.Parse(parse.GetValue(shapes), parse.GetValue(lengths), parse.GetValue(masks));
        return
        [
            .. from problem in problems
               from seed in chosenSeeds
               from family in families ?? Enum.GetValues<InputFamily>()
               select new GateCase(problem.Problem, family, seed),
        ];
    }

    private static VerifiedKernel Verify(Kernel kernel, GateOptions options, IProgress<GateProgress>? progress)
    {
        (string operation, string format) = (kernel.Info.Operation.Name, kernel.Info.Format.Name);
        if (kernel.Unavailable is { } reason)
            return new(kernel.Info.Name, operation, format, reason, Gate: null, Cases: []);
        (GateTally tally, GateResult gate) = GateRun.Judge(kernel, options, progress);
        IEnumerable<VerifiedCase> cases = tally.Cases.Select(item => Describe(kernel, item.Case, item.Verdict, options));
        return new(kernel.Info.Name, operation, format, Reason: null, gate, [.. cases]);
    }

    private static VerifiedCase Describe(Kernel kernel, GateCase gateCase, Verdict? verdict, GateOptions options) =>
        new(gateCase.Problem.ToString(), gateCase.Inputs, gateCase.Seed, gateCase.Injection?.ToString(),
            verdict is null ? VerifiedStatus.Refused : verdict.Passed ? VerifiedStatus.Passed : VerifiedStatus.Failed,
            verdict?.Failure, verdict is null ? GateRun.WhyNot(kernel, gateCase, options) : verdict.Message,
            verdict?.Warned ?? false, verdict?.Errors);
}
