using Kernels.Abstractions;
using Kernels.Measurement.Cases;
using Kernels.Reference;
using Kernels.Results;
using Kernels.Validation;

namespace Kernels.Measurement.Runs;

/// <summary><c>run.json</c>: everything of a run but its cases, and what is needed to resume it.</summary>
public sealed record RunHeader
{
    /// <summary>The results without cases.</summary>
    public required RunResults Results { get; init; }

    /// <summary>The cases, in order.</summary>
    public required IReadOnlyList<PlannedName> Plan { get; init; }

    /// <summary>Hash of the compiled kernels, so that a run is not resumed with other kernels.</summary>
    public required string Build { get; init; }

    /// <summary>Target seconds of all samples of a case.</summary>
    public required double CaseSeconds { get; init; }

    /// <summary>Seconds after which a case is skipped or ended.</summary>
    public required double CaseLimitSeconds { get; init; }

    /// <summary>Assemblies of the user's own kernels that take part.</summary>
    public IReadOnlyList<string> Assemblies { get; init; } = [];

    /// <summary>The folder of the peers that take part; null when none do.</summary>
    public string? Peers { get; init; }

    /// <summary>Hash of the captured inputs of gate and cases; null where there were none.</summary>
    public string? Captured { get; init; }

    /// <summary>Whether the machine code of the kernels is written.</summary>
    public bool Disassembly { get; init; }

    /// <summary>The header of a new run, with the whole <paramref name="catalog"/>.</summary>
    public static RunHeader Of(RunRequest request, RunInfo run, MachineInfo machine, IReadOnlyList<Kernel> catalog) => new()
    {
        Results = new RunResults
        {
            Run = run,
            Machine = machine,
            Kernels =
            [
                .. catalog.Concat(request.Plan.Select(planned => planned.Kernel)).DistinctBy(kernel => kernel.Info.Name).Select(KernelDescription.Of),
            ],
            Cases = [],
            Patterns = PatternsOf(request),
        },
        Plan = [.. request.Plan.Select(PlannedName.Of)],
        Build = BuildIdentity.Of(catalog),
        CaseSeconds = request.CaseTime.TotalSeconds,
        CaseLimitSeconds = request.CaseLimit.TotalSeconds,
        Assemblies = request.Assemblies,
        Peers = request.Peers,
        Captured = request.Captured,
        Disassembly = request.Disassembly,
    };

    /// <summary>The request of the run.</summary>
    /// <param name="budget">Time for the rest of the run; null for no limit.</param>
    /// <param name="kernel">Finds a kernel or peer by its name, on the requested device; throws where there is none.</param>
    public RunRequest ToRequest(TimeSpan? budget, Func<string, DeviceWish?, Kernel> kernel) => new()
    {
        Suite = Results.Run.Suite,
        Command = Results.Run.Command,
        Plan =
        [
            .. Plan.Select(planned => new PlannedCase(
                kernel(planned.Kernel, Wish), planned.Shape, Problem(planned), planned.Threads) { TimesInModel = planned.TimesInModel }),
        ],
        CaseTime = Seconds(CaseSeconds),
        CaseLimit = Seconds(CaseLimitSeconds),
        Budget = budget,
        Assemblies = Assemblies,
        Peers = Peers,
        Device = Wish,
        Cold = Results.Run.Cold,
        Inputs = Family,
        Disassembly = Disassembly,
    };

    /// <summary>
    /// Refuses to resume with another machine, environment, runtime, library, build, peer or selection, because the times could not be
    /// compared.
    /// </summary>
    /// <exception cref="UserError">Something differs; the message says what.</exception>
    public void RequireSame(MachineInfo machine, RunRequest request, IReadOnlyList<Kernel> catalog)
    {
        string[] differences = [.. MachineFacts.Differences(Results.Machine, machine)];
        if (differences.Length > 0)
        {
            string clean = Results.Machine.Environment?.Removed is not null
                && machine.Environment?.Removed is null ? "; it was made with --clean-environment" : "";
            throw new UserError($"Run {Results.Run.Id} cannot be continued here: {string.Join("; ", differences)}{clean}.");
        }
        string? other =
            Build != BuildIdentity.Of(catalog) ? "with kernels built from other sources"
            : OtherPeer(request) is { } peer ? $"with {peer}"
            : Results.Run.Cold != request.Cold ? $"with {(Results.Run.Cold ? "cold" : "warm")} caches"
            : Family != request.Inputs ? $"on {Family.Text()} inputs"
            : Captured is not null && request.Captured is not null && Captured != request.Captured ? "with other captured inputs"
            : Wish != request.Device ? $"with {Wish?.ToString() ?? "the best device"}"
            : !Plan.SequenceEqual(request.Plan.Select(PlannedName.Of)) ? $"with another selection: {Results.Run.Command}"
            : OtherPattern(request) is { } mask ? $"with another pattern in the file of {mask}"
            : null;
        if (other is not null)
            throw new UserError($"Run {Results.Run.Id} was made {other}; it cannot be continued, begin a new run.");
    }

    private InputFamily Family => Results.Run.Inputs is not { } name ? InputFamily.Normal
        : Enum.GetValues<InputFamily>().Where(each => each.ToString().Equals(name, StringComparison.OrdinalIgnoreCase)).ToArray() is [var family] ? family
        : throw new UserError(OneLine.Clean($"Run {Results.Run.Id} cannot be continued: there are no inputs {OneLine.Quote(name)}."));

    private TimeSpan Seconds(double time) => time is > 0 and < 1e9
        ? TimeSpan.FromSeconds(time)
        : throw new UserError($"Run {Results.Run.Id} cannot be continued: a case cannot take {time:g3} s.");

    private AttentionProblem Problem(PlannedName planned)
    {
        try
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(planned.Threads, 1);
            return ProblemName.Parse(planned.Problem, MaskLines.Of(Results.Patterns));
        }
        catch (Exception error) when (error is FormatException or ArgumentException)
        {
            throw new UserError(OneLine.Clean($"Run {Results.Run.Id} cannot be continued: {error.Message}"));
        }
    }

    private static IReadOnlyDictionary<string, IReadOnlyList<string>>? PatternsOf(RunRequest request)
    {
        Dictionary<string, IReadOnlyList<string>> patterns = [];
        foreach (AttentionMask mask in request.Plan.Select(planned => planned.Problem.Mask).Distinct())
        {
            if (mask.Lines is { } lines)
                patterns.TryAdd(mask.Name, lines);
        }
        return patterns.Count == 0 ? null : patterns;
    }

    /// <summary>A mask whose file is not what it was: in the request, or on the disk, where it may be gone.</summary>
    private string? OtherPattern(RunRequest request)
    {
        IReadOnlyDictionary<string, IReadOnlyList<string>> before = Results.Patterns ?? new Dictionary<string, IReadOnlyList<string>>();
        return before.Keys.FirstOrDefault(mask =>
            new[] { PatternsOf(request)?.GetValueOrDefault(mask), MaskName.TryParse(mask, out AttentionMask? now) ? now.Lines : null }
            .Any(lines => lines is not null && !lines.SequenceEqual(before[mask])));
    }

    private DeviceWish? Wish => Results.Run.Device is { } text ? new DeviceWish(text) : null;

    private string? OtherPeer(RunRequest request) =>
        (from kernel in request.Plan.Select(planned => planned.Kernel)
         from before in Results.Kernels
         where before.Name == kernel.Info.Name && before.Version != kernel.Backend?.Version
         select $"{before.Name} as {before.Version ?? "absent"}").FirstOrDefault();
}
