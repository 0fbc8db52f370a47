using System.CommandLine;
using Kernels.Bench.Commands.Selection;
using Kernels.Reference;
using Kernels.Results;
using Kernels.Validation;

namespace Kernels.Bench.Commands;

/// <summary>The options of <c>verify</c>, and the cases that they mean.</summary>
internal sealed class VerifyOptions
{
    private readonly Option<string?> shapes = SelectionOptions.Shapes();
    private readonly Option<string?> lengths = SelectionOptions.Lengths();
    private readonly Option<string?> masks = SelectionOptions.Masks();

    private readonly Option<string?> seeds = new("--seeds") { Description = "Seeds of the inputs: 1,2,3.", HelpName = "N,…" };

    private readonly Option<string?> inputs = new("--inputs")
    {
        Description = $"Input families: {string.Join(", ", InputSelection.Names)} (where the model was fetched). All when left out.",
        HelpName = "FAMILY,…",
    };

    private readonly Option<string?> inject = new("--inject")
    {
        Description = "Put a number that is not finite into one place of an input: k=NaN, v=Infinity, q=-Infinity. With --shapes.",
        HelpName = "OPERAND=VALUE",
    };

    private readonly Option<GateDepth> depth = new("--depth")
    {
        Description = "The gate's own list of cases, when no shape is given: quick (what every run does) or full.",
    };

    private readonly Option<int?> generated = new("--generated")
    {
        Description = $"Number of generated cases beside the gate's own list; {GeneratedCases.DefaultCount} when left out.",
        HelpName = "N",
    };

    private readonly Option<int?> generatedSeed = new("--generated-seed")
    {
        Description = "Seed of the generated cases, from the output of an earlier verify; a new one when left out.",
        HelpName = "N",
    };

    private readonly Option<double?> caseLimit = new("--case-limit")
    {
        Description = "Longest seconds of a kernel on one case; two minutes, and more on large shapes, when left out.",
        HelpName = "SECONDS",
    };

    /// <summary>Which kernels.</summary>
    public Option<string?> Kernels { get; } = SelectionOptions.Kernels();

    /// <summary>See <see cref="SelectionOptions.PeersFolder"/>.</summary>
    public Option<string?> Peers { get; } = SelectionOptions.Peers();

    /// <summary>See <see cref="SelectionOptions.DeviceWanted"/>.</summary>
    public Option<string?> Device { get; } = SelectionOptions.Device();

    /// <summary>Numbers of threads whose results must be the same.</summary>
    public Option<string?> Threads { get; } = SelectionOptions.Threads();

    /// <summary>Where the verdicts go.</summary>
    public Option<FileInfo?> Json { get; } = new("--json")
    {
        Description = "Write every verdict to FILE, as docs/validation.md describes.",
        HelpName = "FILE",
    };

    /// <summary>Whether to run the gate's own test.</summary>
    public Option<bool> WrongKernels { get; } = new("--wrong-kernels")
    {
        Description = "Also run kernels that are wrong on purpose: the gate must reject all of them for the right reason.",
    };

    /// <summary>Whether to run it although verdicts are kept.</summary>
    public Option<bool> Afresh { get; } = SelectionOptions.Afresh();

    /// <summary>Whether to use guard pages.</summary>
    public Option<bool> Guard { get; } = new("--guard")
    {
        Description = "Surround all memory with guard pages: an access outside its memory ends the kernel's process.",
    };

    /// <summary>All of them, in the order of the help.</summary>
    public IReadOnlyList<Option> All =>
    [
        Kernels, AssemblyOption.Option, Peers, shapes, lengths, masks, seeds, inputs, inject, depth, generated, generatedSeed, Threads, Device,
        caseLimit, Json, WrongKernels, Afresh, Guard,
    ];

    /// <summary>Longest time of a kernel on one case; null for the usual.</summary>
    public TimeSpan? CaseLimit(ParseResult parse) => caseLimit.Seconds(parse, 1e6);

    /// <summary>The cases, and where generated ones are among them, their number and seed.</summary>
    public (IReadOnlyList<GateCase> Cases, GeneratedSet? Generated) Cases(ParseResult parse)
    {
        IReadOnlyList<int> chosenSeeds = SeedSelection.Parse(parse.GetValue(seeds));
        IReadOnlyList<InputFamily>? families = InputSelection.Parse(parse.GetValue(inputs));
        if (families?.Contains(InputFamily.Captured) != false)
            CapturedModel.Require(families is null ? null : $"{inputs.Name} captured");
        bool spelledOut = new[] { shapes, lengths, masks }.Any(option => option.IsGiven(parse));
        foreach (Option option in new Option[] { depth, generated, generatedSeed }.Where(option => spelledOut && option.IsGiven(parse)))
            throw new UserError($"Give a {option.Name}, or --shapes, --lengths and --masks, not both.");
        if (inject.IsGiven(parse) && !spelledOut)
            throw new UserError($"{inject.Name} goes with --shapes; the gate's own list has its cases of numbers that are not finite.");
        return spelledOut ? (SpelledOut(parse, chosenSeeds, families), null) : OfTheGate(parse, chosenSeeds, families);
    }

    /// <summary>The cases of captured inputs among <paramref name="cases"/>; null where other families were asked for.</summary>
    public CapturedSet? Captured(ParseResult parse, IReadOnlyList<GateCase> cases)
    {
        int count = cases.Count(each => each.Inputs == InputFamily.Captured);
        return count > 0 ? new(count, Reason: null) : inputs.IsGiven(parse) || inject.IsGiven(parse) ? null : new(0, CapturedModel.Missing);
    }

    /// <summary>The command line that runs one case on one kernel.</summary>
    public string Replay(ParseResult parse, string kernel, GateCase gateCase) =>
        CommandLineText.Of(parse, "verify", [], [AssemblyOption.Option, Peers, Device, Threads, caseLimit, Guard])
        + $" {Kernels.Name} {kernel} {shapes.Name} {gateCase.Problem} {inputs.Name} {gateCase.Inputs.Text()} {seeds.Name} {gateCase.Seed}"
        + (gateCase.Injection is { } injection ? $" {inject.Name} {injection}" : "");

    private (IReadOnlyList<GateCase>, GeneratedSet?) OfTheGate(ParseResult parse, IReadOnlyList<int> chosenSeeds, IReadOnlyList<InputFamily>? families)
    {
        var set = new GeneratedSet(
            generated.Number(parse, 0, int.MaxValue) ?? GeneratedCases.DefaultCount, generatedSeed.Number(parse, 0, int.MaxValue) ?? Random.Shared.Next());
        IEnumerable<GateCase> all = [.. GateCases.With(Catalog.References, parse.GetValue(depth), chosenSeeds), .. GeneratedCases.Of(set.Count, set.Seed)];
        if (families is not null)
            all = all.Where(gateCase => gateCase.Injection is null && families.Contains(gateCase.Inputs));
        return ([.. all], set.Count > 0 ? set : null);
    }

    private IReadOnlyList<GateCase> SpelledOut(ParseResult parse, IReadOnlyList<int> chosenSeeds, IReadOnlyList<InputFamily>? families)
    {
        NonFinite? injection = Injection(parse);
        return
        [
            .. from problem in ShapeSelection.Parse(parse.GetValue(shapes), parse.GetValue(lengths), parse.GetValue(masks), measured: false)
               from seed in chosenSeeds
               from family in families ?? (injection is null ? AllFamilies : [InputFamily.Normal])
               select new GateCase(problem.Problem, family, seed) { Injection = injection },
        ];
    }

    private static IReadOnlyList<InputFamily> AllFamilies =>
        CapturedModel.Source is null ? InputFamilies.Seeded : [.. InputFamilies.Seeded, InputFamily.Captured];

    private NonFinite? Injection(ParseResult parse)
    {
        if (parse.GetValue(inject) is not { } text)
            return null;
        try
        {
            NonFinite injection = NonFinite.Parse(text);
            return injection.Operand is "q" or "k" or "v" ? injection
                : throw new UserError($"{inject.Name}: there is no input {OneLine.Quote(injection.Operand)}; inputs are q, k and v.");
        }
        catch (FormatException error)
        {
            throw new UserError(OneLine.Clean($"{inject.Name}: {error.Message}"));
        }
    }
}
