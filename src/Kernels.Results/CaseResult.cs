using System.Text.Json.Serialization;
using Kernels.Abstractions;

namespace Kernels.Results;

/// <summary>
/// One kernel on one problem with one number of threads. One file in <c>cases/</c>, one row of the report. Operation and formats are those
/// of the kernel, see <see cref="KernelResult"/>.
/// </summary>
public sealed record CaseResult
{
    /// <summary>Catalog name of the kernel.</summary>
    public required string Kernel { get; init; }

    /// <summary>The problem's name, which <see cref="ProblemName.Parse(string)"/> reads.</summary>
    public required string Problem { get; init; }

    /// <summary>Name of the model or sweep that the shape comes from, such as <c>gpt2-small</c>.</summary>
    public string? Shape { get; init; }

    /// <summary>
    /// How many times the model of <see cref="Shape"/> has this layer or end, one after another, so that the whole model can be added up; null where the
    /// shape is not part of a whole model.
    /// </summary>
    public int? TimesInModel { get; init; }

    /// <summary>Name of the mask, such as <c>causal</c>.</summary>
    public required string Mask { get; init; }

    /// <summary>Threads that the kernel ran on.</summary>
    public required int Threads { get; init; }

    /// <summary>Outcome of the case.</summary>
    public required CaseStatus Status { get; init; }

    /// <summary>Why it was not measured; null when it was.</summary>
    public string? Reason { get; init; }

    /// <summary>Why its time was not that of its work; null for every other reason.</summary>
    public TimingFault? Fault { get; init; }

    /// <summary>Nanoseconds of a call.</summary>
    public Timing? Timing { get; init; }

    /// <summary>10⁹ operations a second, counting the operations of visible pairs (<see cref="Operation.Flops"/>).</summary>
    public double? ExactGflops { get; init; }

    /// <summary>10⁹ operations a second as if every query saw every key (<see cref="AttentionProblem.DenseFlops"/>).</summary>
    public double? DenseGflops { get; init; }

    /// <summary>
    /// Exact GFLOP/s divided by the multiply-add peak of as many threads in the same run; 0 … 1. Null for a kernel that runs on a device.
    /// </summary>
    public double? CeilingShare { get; init; }

    /// <summary>
    /// 10⁹ operations a second, counting the operations that the kernel executes (<see cref="Plan.ExecutedFlops"/>); null where it does not
    /// state that.
    /// </summary>
    public double? ExecutedGflops { get; init; }

    /// <summary><see cref="ExecutedGflops"/> divided by the same peak as <see cref="CeilingShare"/>.</summary>
    public double? ExecutedShare { get; init; }

    /// <summary>10⁹ bytes a second, counting the necessary bytes (<see cref="Operation.Bytes"/>).</summary>
    public double? GigabytesPerSecond { get; init; }

    /// <summary>The necessary bytes, which that rate counts: 10⁹ bytes a second × nanoseconds. Null without a rate or a time.</summary>
    [JsonIgnore]
    public long? NecessaryBytes => GigabytesPerSecond * Timing?.MedianNs is { } bytes ? (long)Math.Round(bytes) : null;

    /// <summary>
    /// <see cref="GigabytesPerSecond"/> divided by the read bandwidth of as many threads from the level that the bytes fit in
    /// (<see cref="Ceilings.Feeding"/>); near 1 where memory is the limit. Null for a kernel that runs on a device.
    /// </summary>
    public double? BandwidthShare { get; init; }

    /// <summary>The case by the clock of its device; null for a kernel that runs on the threads that call it.</summary>
    public DeviceResult? Device { get; init; }

    /// <summary>Where the time goes, of a kernel that has parts, on one thread; null for most.</summary>
    public IReadOnlyList<PartShare>? Parts { get; init; }

    /// <summary>Scratch that the kernel asked for, all threads together.</summary>
    public long? ScratchBytes { get; init; }

    /// <summary>
    /// Bytes that decoding keeps for one more token after those of the problem: keys and values, or a state
    /// (<see cref="AttentionOperation.StateLength"/>).
    /// </summary>
    public long? StateBytes { get; init; }

    /// <summary>Managed bytes that a call allocated.</summary>
    public double? AllocatedBytesPerCall { get; init; }

    /// <summary>Error of what was timed, checked after the timing.</summary>
    public ErrorCard? Errors { get; init; }

    /// <summary>The case with another outcome, and without anything that only a measured case has.</summary>
    public CaseResult WithoutFigures(CaseStatus status, string? reason) => this with
    {
        Status = status,
        Reason = reason,
        Timing = null,
        ExactGflops = null,
        DenseGflops = null,
        CeilingShare = null,
        ExecutedGflops = null,
        ExecutedShare = null,
        GigabytesPerSecond = null,
        BandwidthShare = null,
        AllocatedBytesPerCall = null,
        Device = null,
        Parts = null,
    };

    /// <summary>The file name in <c>cases/</c> without its ending: unique within a run and safe on every file system.</summary>
    public static string Key(string kernel, string problem, int threads) => $"{FileName.Of(kernel)}_{FileName.Of(problem)}_t{threads}";
}
