using System.CommandLine;
using Kernels.Abstractions;
using Kernels.Bench.Commands.Selection;
using Kernels.Bench.Suites;
using Kernels.Measurement.Cases;
using Kernels.Measurement.Runs;
using Kernels.Peers;
using Kernels.Reference;
using Kernels.Results;

namespace Kernels.Bench.Commands;

/// <summary>The options of <c>run</c>, and what they mean.</summary>
internal sealed class RunOptions
{
    private const string Custom = "custom";

    // Longer than in suites, because the user named the shape; still limited, so that one kernel does not block the others.
    private static readonly TimeSpan customCaseTime = TimeSpan.FromSeconds(0.5), customCaseLimit = TimeSpan.FromSeconds(60);

    private readonly Option<string?> suite = new("--suite")
    {
        Description = $"{string.Join(", ", AllSuites.All.Select(each => each.Name))}; see list --suites. {AllSuites.Quick.Name} when left out.",
        HelpName = "SUITE",
        CompletionSources = { Completion.Of(() => AllSuites.All.Select(each => each.Name)) },
    };

    private readonly Option<string?> kernels = SelectionOptions.Kernels();
    private readonly Option<string?> shapes = SelectionOptions.Shapes();
    private readonly Option<string?> lengths = SelectionOptions.Lengths();
    private readonly Option<string?> masks = SelectionOptions.Masks();
    private readonly Option<string?> threads = SelectionOptions.Threads();
    private readonly Option<string?> peers = SelectionOptions.Peers();
    private readonly Option<string?> device = SelectionOptions.Device();
    private readonly Option<bool> cold = SelectionOptions.Cold();

    private readonly Option<bool> disassembly = new("--disassembly")
    {
        Description = "Also write the machine code that the JIT makes of each kernel, beside the report.",
    };

    private readonly Option<bool> afresh = SelectionOptions.Afresh();

    private readonly Option<string?> output = new("--out")
    {
        Description = "Folder for the results, new or empty; reports/<machine>/<run> when left out.",
        HelpName = "DIR",
    };

    private readonly Option<string?> resume = new("--resume")
    {
        Description = "Continue a run: cases on disk are kept. The newest run of this machine when DIR is left out.",
        HelpName = "DIR",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<double?> budget = new("--budget")
    {
        Description = "Seconds for the whole run; cases that do not fit are reported as skipped, with their prediction.",
        HelpName = "SECONDS",
    };

    /// <summary>All of them, in the order of the help.</summary>
    public IReadOnlyList<Option> All =>
        [suite, kernels, AssemblyOption.Option, peers, shapes, lengths, masks, threads, device,
            cold, CleanEnvironmentOption.Option, disassembly, output, resume, budget, afresh];

    /// <summary>The folder given with <c>--out</c>.</summary>
    public string? Output(ParseResult parse) => parse.GetValue(output);

    /// <summary>Whether a run is to be continued.</summary>
    public bool Resumes(ParseResult parse) => resume.IsGiven(parse);

    /// <summary>The folder given with <c>--resume</c>; null for the newest.</summary>
    /// <exception cref="UserError">Another option contradicts the resumed run.</exception>
    public string? ResumedFolder(ParseResult parse)
    {
        if (output.IsGiven(parse))
            throw new UserError("--resume continues a run in its own folder; omit --out.");
        if (disassembly.IsGiven(parse))
            throw new UserError("--resume continues a run as it was begun; omit --disassembly.");
        return parse.GetValue(resume);
    }

    /// <summary>Longest time of the run, if given.</summary>
    public TimeSpan? Budget(ParseResult parse) => budget.Seconds(parse, 1e9);

    /// <summary>Whether the command line says what to measure.</summary>
    public bool Selects(ParseResult parse) =>
        new Option[] { suite, kernels, peers, shapes, lengths, masks, threads, device, cold }.Any(option => option.IsGiven(parse));

    /// <summary>The folder of the peers that take part; null when none do.</summary>
    public string? PeersFolder(ParseResult parse) => SelectionOptions.PeersFolder(parse, peers);

    /// <summary>The request of the command line.</summary>
    /// <exception cref="UserError">A name is unknown, or options contradict each other.</exception>
    public RunRequest Request(ParseResult parse, PeerSet present)
    {
        DeviceWish? wish = SelectionOptions.DeviceWanted(parse, device);
        IReadOnlyList<Kernel> chosenKernels = KernelSelection.Parse(parse.GetValue(kernels), wish, present.Kernels);
        IReadOnlyList<int>? chosenThreads = parse.GetValue(threads) is { } counts ? ThreadSelection.Parse(counts) : null;
        bool spelledOut = new[] { shapes, lengths, masks }.Any(option => option.IsGiven(parse));
        if (spelledOut && suite.IsGiven(parse))
            throw new UserError("Give a --suite, or --shapes, --lengths and --masks, not both.");
        Suite? chosen = spelledOut ? null : SuiteOf(parse.GetValue(suite));
        CapturedModel.Require(chosen?.Inputs == InputFamily.Captured ? $"Suite {chosen.Name}" : null);
        IReadOnlyList<PlannedCase> plan = RunRequest.PlanOf(
            chosen is null ? SpelledOut(parse, chosenKernels, chosenThreads) : OfSuite(parse, chosen, chosenKernels, chosenThreads));
        // A resumed run has its own peers, not those of this command line.
        SelectionOptions.RequireUsed(plan.Select(planned => planned.Kernel), wish, peers.IsGiven(parse) ? present.Kernels : []);
        return new RunRequest
        {
            Suite = chosen?.Name ?? Custom,
            Command = CommandOf(parse),
            Plan = plan,
            CaseTime = chosen?.CaseTime ?? customCaseTime,
            CaseLimit = chosen?.CaseLimit ?? customCaseLimit,
            Budget = Budget(parse) ?? chosen?.Budget,
            Assemblies = [.. Catalog.Assemblies.Select(each => each.Path)],
            Peers = PeersFolder(parse),
            Device = wish,
            Inputs = chosen?.Inputs ?? InputFamily.Normal,
            Captured = CapturedModel.Hash,
            Cold = parse.GetValue(cold),
            Disassembly = parse.GetValue(disassembly),
            Afresh = parse.GetValue(afresh),
        };
    }

    private IEnumerable<PlannedCase> SpelledOut(ParseResult parse, IReadOnlyList<Kernel> chosenKernels, IReadOnlyList<int>? chosenThreads) =>
        from named in ShapeSelection.Parse(parse.GetValue(shapes), parse.GetValue(lengths), parse.GetValue(masks))
        from count in chosenThreads ?? ThreadSelection.Parse(null)
        from kernel in chosenKernels
        select new PlannedCase(kernel, named.Shape, named.Problem, count);

    private IEnumerable<PlannedCase> OfSuite(
        ParseResult parse, Suite chosen, IReadOnlyList<Kernel> chosenKernels, IReadOnlyList<int>? chosenThreads)
    {
        foreach (SuiteEntry entry in chosen.Entries)
            MemoryLimit.Require(entry.Problem.Problem);
        return
            from entry in chosen.Entries
            let ofEntry = kernels.IsGiven(parse) ? chosenKernels : entry.KernelsAmong(chosenKernels)
            from count in chosenThreads ?? entry.ThreadCounts(Environment.ProcessorCount)
            from kernel in ofEntry
            select new PlannedCase(kernel, entry.Problem.Shape, entry.Problem.Problem, count) { TimesInModel = entry.Problem.TimesInModel };
    }

    private static Suite SuiteOf(string? name) =>
        name is null
            ? AllSuites.Quick
            : AllSuites.All.FirstOrDefault(each => each.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                ?? throw Nearest.Unknown("suite", name, AllSuites.All.Select(each => each.Name));

    /// <summary>The command line that repeats the run, without the folder of its results.</summary>
    private string CommandOf(ParseResult parse) => CommandLineText.Of(parse, "run", [], All.Where(option => option != output && option != resume));
}
