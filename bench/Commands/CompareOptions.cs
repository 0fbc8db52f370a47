using System.CommandLine;
using Kernels.Abstractions;
using Kernels.Bench.Commands.Selection;
using Kernels.Measurement;
using Kernels.Measurement.Ceiling;
using Kernels.Measurement.Comparison;
using Kernels.Peers;
using Kernels.Results;

namespace Kernels.Bench.Commands;

/// <summary>The arguments and options of <c>compare</c>, and what they mean.</summary>
internal sealed class CompareOptions
{
    /// <summary>Stands for standard output in <c>--json</c>.</summary>
    public const string StandardOutput = "-";

    private const int MostProcesses = 100;

    private readonly Argument<string> a = new("A") { Description = "A kernel.", CompletionSources = { Completion.Kernels } };

    private readonly Argument<string?> b = new("B")
    {
        Description = "The kernel to compare it with. When left out, A is measured alone: its share of the ceilings, and its noise.",
        Arity = ArgumentArity.ZeroOrOne,
        CompletionSources = { Completion.Kernels },
    };

    private readonly Option<string?> shapes = SelectionOptions.Shapes();
    private readonly Option<string?> lengths = SelectionOptions.Lengths();
    private readonly Option<string?> masks = SelectionOptions.Masks();
    private readonly Option<string?> threads = SelectionOptions.Threads();
    private readonly Option<string?> peers = SelectionOptions.Peers();
    private readonly Option<string?> device = SelectionOptions.Device();
    private readonly Option<bool> cold = SelectionOptions.Cold();

    private readonly Option<int?> rounds = new("--rounds")
    {
        Description = $"Rounds of A B A, {RoundPlan.FewestRounds} to {RoundPlan.MostRounds}; as many as fit into some seconds when left out.",
        HelpName = "N",
    };

    private readonly Option<int?> processes = new("--processes")
    {
        Description = "Number of processes that measure one after the other; the results are medians over them.",
        HelpName = "N",
    };

    private readonly Option<int?> peak = new("--peak")
    {
        Description = "Vector width in bits of the multiply-add peak: 512, 256 or 128. The fastest when left out.",
        HelpName = "BITS",
    };

    private readonly Option<string?> json = new("--json")
    {
        Description = "Write all figures to FILE, as docs/results.md describes; - is standard output, in place of the table.",
        HelpName = "FILE",
    };

    // Marks a child of --processes; the gate ran in its parent.
    private readonly Option<bool> worker = new("--worker") { Hidden = true };

    /// <summary>The verb with its arguments and options.</summary>
    public Command Command => new("compare", "Measure two kernels in turn, and tell which is faster and how sure that is.")
    {
        a, b, AssemblyOption.Option, peers, shapes, lengths, masks, threads, device, rounds, processes, cold, CleanEnvironmentOption.Option, peak, json, worker,
    };

    /// <summary>The file given with <c>--json</c>.</summary>
    public string? Json(ParseResult parse) => parse.GetValue(json);

    /// <summary>Whether the gate ran in the parent process.</summary>
    public bool IsWorker(ParseResult parse) => parse.GetValue(worker);

    /// <summary>The folder of the peers that take part; null when none do.</summary>
    public string? PeersFolder(ParseResult parse) => SelectionOptions.PeersFolder(parse, peers);

    /// <summary>The request of the command line.</summary>
    /// <exception cref="UserError">A name is unknown, a number is out of range, or nothing can be measured.</exception>
    public CompareRequest Request(ParseResult parse, PeerSet present)
    {
        DeviceWish? wish = SelectionOptions.DeviceWanted(parse, device);
        Kernel first = KernelSelection.One(parse.GetValue(a)!, wish, present.Kernels);
        Kernel? second = parse.GetValue(b) is { } name ? KernelSelection.One(name, wish, present.Kernels) : null;
        SelectionOptions.RequireUsed(second is null ? [first] : [first, second], wish, present.Kernels);
        IReadOnlyList<NamedProblem> problems = ShapeSelection.Parse(parse.GetValue(shapes), parse.GetValue(lengths), parse.GetValue(masks));
        var request = new CompareRequest
        {
            A = first,
            References = Catalog.References,
            // A against itself is measured as the noise floor.
            B = second == first ? null : second,
            Entries = [.. from problem in problems from count in ThreadSelection.Parse(parse.GetValue(threads)) select (problem, count)],
            Rounds = rounds.Number(parse, RoundPlan.FewestRounds, RoundPlan.MostRounds),
            PeakBits = PeakBits(parse),
            Cold = parse.GetValue(cold),
            Peers = PeersFolder(parse),
            Device = wish,
            Processes = processes.Number(parse, 1, MostProcesses) ?? 1,
        };
        string?[] refusals = [.. request.Entries.Select(entry => RowMeasurement.WhyNot(request, entry.Problem.Problem, entry.Threads))];
        return refusals.All(refusal => refusal is not null) ? throw new UserError($"Nothing can be measured. {refusals[0]}") : request;
    }

    /// <summary>The command line that repeats the comparison.</summary>
    public string CommandText(ParseResult parse) =>
        CommandLineText.Of(parse, "compare", [a, b], [
            AssemblyOption.Option, peers, shapes, lengths, masks, threads, device, rounds, processes, cold, CleanEnvironmentOption.Option, peak]);

    /// <summary>The command line of a process that measures the same and writes it to a file.</summary>
    public IEnumerable<string> WorkerArguments(CompareRequest request, string file)
    {
        int[] counts = [.. request.Entries.Select(entry => entry.Threads).Distinct()];
        List<string> words =
        [
            "compare", .. request.Kernels.Select(kernel => kernel.Info.Name),
            shapes.Name, string.Join(',', request.Entries.Select(entry => entry.Problem.Problem).Distinct()),
            threads.Name, string.Join(',', counts), json.Name, file, worker.Name, .. AssemblyOption.Words,
        ];
        if (request.Peers is { } folder)
            words.AddRange([peers.Name, folder]);
        if (request.Device is { } wish)
            words.AddRange([device.Name, wish.Text]);
        if (request.Cold)
            words.Add(cold.Name);
        if (request.Rounds is { } count)
            words.AddRange([rounds.Name, count.ToString()]);
        if (request.PeakBits is { } bits)
            words.AddRange([peak.Name, bits.ToString()]);
        return words;
    }

    private int? PeakBits(ParseResult parse)
    {
        IReadOnlyList<int> widths = CeilingMeasurement.VectorBits;
        return parse.GetValue(peak) is { } bits && !widths.Contains(bits)
            ? throw new UserError(widths.Count == 0
                ? $"{peak.Name} {bits}: this process has no vector instructions."
                : $"{peak.Name} {bits}: the vectors of this process have {string.Join(", ", widths)} bits.")
            : parse.GetValue(peak);
    }
}
