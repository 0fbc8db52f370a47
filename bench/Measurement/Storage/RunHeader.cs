using Kernels.Abstractions;
using Kernels.Bench.Commands;
using Kernels.Bench.Commands.Selection;
using Kernels.Bench.PeerPrograms;
using Kernels.Bench.Results;

namespace Kernels.Bench.Measurement.Storage;

/// <summary><c>run.json</c>: everything of a run but its cases, and what is needed to go on with it.</summary>
public sealed record RunHeader
{
    /// <summary>The results with no case in them.</summary>
    public required RunResults Results { get; init; }

    /// <summary>The cases, in order.</summary>
    public required IReadOnlyList<PlannedName> Plan { get; init; }

    /// <summary>Identity of the compiled kernels, so that a run is not continued with others; see <see cref="BuildIdentity"/>.</summary>
    public required string Build { get; init; }

    /// <summary>Seconds that the samples of a case should take.</summary>
    public required double CaseSeconds { get; init; }

    /// <summary>Seconds after which a case is skipped or ended.</summary>
    public required double CaseLimitSeconds { get; init; }

    /// <summary>The folder of the peers that take part; null when none do.</summary>
    public string? Peers { get; init; }

    /// <summary>Whether the machine code of the kernels is written.</summary>
    public bool Disassembly { get; init; }

    /// <summary>The header of a run in which nothing was measured yet.</summary>
    public static RunHeader Of(RunRequest request, RunInfo run, MachineInfo machine) => new()
    {
        Results = new RunResults
        {
            Run = run,
            Machine = machine,
            Kernels =
            [
                .. Catalog.On(request.Device).Concat(request.Plan.Select(planned => planned.Kernel)).DistinctBy(kernel => kernel.Info.Name).Select(KernelListing.Describe),
            ],
            Cases = [],
        },
        Plan = [.. request.Plan.Select(PlannedName.Of)],
        Build = BuildIdentity.OfKernels(),
        CaseSeconds = request.CaseTime.TotalSeconds,
        CaseLimitSeconds = request.CaseLimit.TotalSeconds,
        Peers = request.Peers,
        Disassembly = request.Disassembly,
    };

    /// <summary>The request that the run was begun with.</summary>
    /// <exception cref="UserError">A kernel of the run is no longer in the catalog.</exception>
    public RunRequest ToRequest(TimeSpan? budget, params IReadOnlyList<AttentionKernel> peers) => new()
    {
        Suite = Results.Run.Suite,
        Command = Results.Run.Command,
        Plan =
        [
            .. Plan.Select(planned => new PlannedCase(
                KernelSelection.One(planned.Kernel, Wish, peers), planned.Shape, ProblemName.Parse(planned.Problem), planned.Threads)),
        ],
        CaseTime = TimeSpan.FromSeconds(CaseSeconds),
        CaseLimit = TimeSpan.FromSeconds(CaseLimitSeconds),
        Budget = budget,
        Peers = Peers,
        Device = Wish,
        Cold = Results.Run.Cold,
        Disassembly = Disassembly,
    };

    /// <summary>Refuses to mix what cannot be compared: another machine, runtime, build, peer or selection.</summary>
    /// <exception cref="UserError">Something differs; the message says what.</exception>
    public void RequireSame(MachineInfo machine, RunRequest request)
    {
        MachineInfo before = Results.Machine;
        string? other =
            before.Processor != machine.Processor || before.Cores != machine.Cores ? $"on another machine, {before.Processor} with {before.Cores} cores"
            : before.Runtime != machine.Runtime ? $"with another runtime, {before.Runtime}"
            : !before.InstructionSets.SequenceEqual(machine.InstructionSets) ? $"with other instruction sets, {string.Join(' ', before.InstructionSets)}"
            : !SameSettings(before.RuntimeSettings, machine.RuntimeSettings) ? $"with other runtime settings, {Text(before.RuntimeSettings)}"
            : Build != BuildIdentity.OfKernels() ? "with kernels built from other sources"
            : OtherPeer(request) is { } peer ? $"with {peer}"
            : Results.Run.Cold != request.Cold ? $"with {(Results.Run.Cold ? "cold" : "warm")} caches"
            : Wish != request.Device ? $"with {Wish?.ToString() ?? "the best device"}"
            : !Plan.SequenceEqual(request.Plan.Select(PlannedName.Of)) ? $"with another selection: {Results.Run.Command}"
            : null;
        if (other is not null)
            throw new UserError($"Run {Results.Run.Id} was made {other}; it cannot be continued, begin a new run.");
    }

    private DeviceWish? Wish => Results.Run.Device is { } text ? new DeviceWish(text) : null;

    private string? OtherPeer(RunRequest request) =>
        (from peer in request.Plan.Select(planned => planned.Kernel).OfType<PeerKernel>()
         from before in Results.Kernels
         where before.Name == peer.Info.Name && before.Version != peer.Version
         select $"{before.Name} as {before.Version ?? "absent"}").FirstOrDefault();

    private static bool SameSettings(IReadOnlyDictionary<string, string> first, IReadOnlyDictionary<string, string> second) =>
        first.Count == second.Count && first.All(setting => second.GetValueOrDefault(setting.Key) == setting.Value);

    private static string Text(IReadOnlyDictionary<string, string> settings) =>
        string.Join(' ', settings.Select(setting => $"{setting.Key}={setting.Value}"));
}
