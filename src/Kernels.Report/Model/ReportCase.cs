using System.Collections.Immutable;
using Kernels.Abstractions;
using Kernels.Results;

namespace Kernels.Report.Model;

/// <summary>A case as the report shows it. Times of kernels that did not pass the gate are removed here, for all outputs.</summary>
public sealed class ReportCase
{
    private readonly Lazy<long?> movedBytes;

    private ReportCase(ReportRun run, CaseResult result, bool isDeviceTime)
    {
        IsDeviceTime = isDeviceTime;
        Run = run;
        Result = result;
        Kernel = run.Kernel(result.Kernel);
        Workload = Workload.Of(Kernel);
        Problem = TryParse(result.Problem, run.MaskLines);
        movedBytes = new(CountMovedBytes);
        Title = result.Problem;
    }

    /// <summary>The run that it belongs to.</summary>
    public ReportRun Run { get; }

    /// <summary>The case, without numbers unless it was measured and its kernel passed the gate.</summary>
    public CaseResult Result { get; }

    /// <summary>The kernel's entry in the run, if it has one.</summary>
    public KernelResult? Kernel { get; }

    /// <summary>The problem; null when this version cannot read its name.</summary>
    public AttentionProblem? Problem { get; }

    /// <summary>Whether it has times that may be shown.</summary>
    public bool IsMeasured => Result.Status == CaseStatus.Measured;

    /// <summary>
    /// Whether its time is that of the launches alone, by the clock of a device; otherwise it is that of a call, which for a device
    /// includes the copies from and to host memory.
    /// </summary>
    public bool IsDeviceTime { get; }

    /// <summary>Operation and formats of its kernel.</summary>
    public Workload Workload { get; }

    /// <summary>Whether that is softmax attention in float32, whose times are ranked.</summary>
    public bool IsFloat32Softmax => Workload == Workload.Softmax;

    /// <summary>The operands of its problem; empty when this version does not know problem, operation or format.</summary>
    public ImmutableArray<Operand> Operands =>
        (Problem, Workload.KnownOperation, Workload.KnownFormat) is ({ } problem, { } operation, { } format) && operation.WhyNot(problem) is null
        ? operation.Operands(problem, format)
        : [];

    /// <summary>
    /// Bytes that any algorithm must move, <see cref="Operation.Bytes"/>; null when this version does not know problem, operation or
    /// format.
    /// </summary>
    public long? MovedBytes => movedBytes.Value;

    /// <summary>The family of its kernel.</summary>
    public string Family => Kernel?.Family ?? Families.OfName(Result.Kernel);

    /// <summary>Whether it is of a peer.</summary>
    public bool IsPeer => Family == Families.Peer;

    /// <summary>Median time in nanoseconds of a measured case.</summary>
    public double Nanoseconds => Result.Timing!.MedianNs;

    /// <summary>Half of the interval's width divided by the median, of a measured case.</summary>
    public double RelativeInterval => (Result.Timing!.HighNs - Result.Timing.LowNs) / (2 * Result.Timing.MedianNs);

    /// <summary>Time of the baseline kernel on the same problem with as many threads, divided by this time; null without both.</summary>
    public double? Speedup { get; internal set; }

    /// <summary>The shape's name where it names one problem of the run, such as a model's; otherwise the problem's name.</summary>
    public string Title { get; internal set; }

    /// <summary>Reads one case of a run, without numbers that must not be shown.</summary>
    public static ReportCase Create(ReportRun run, CaseResult result) =>
        new(run, WithoutDoubtfulShares(Shown(result, run), run.Results.Ceilings), isDeviceTime: false);

    /// <summary>The same case by the clock of its device; null where there is none, or its time must not be shown.</summary>
    public ReportCase? OnDevice() => Result.Device is { } device
        ? new(Run, Result with
        {
            Timing = device.Timing,
            ExactGflops = device.ExactGflops,
            DenseGflops = device.DenseGflops,
            GigabytesPerSecond = device.GigabytesPerSecond,
            CeilingShare = device.CeilingShare,
            BandwidthShare = device.BandwidthShare,
            AllocatedBytesPerCall = null,
        }, isDeviceTime: true)
        { Title = Title }
        : null;

    private long? CountMovedBytes() =>
        (Problem, Workload.KnownOperation, Workload.KnownFormat) is ({ } problem, { } operation, { } format) && operation.WhyNot(problem) is null
        ? operation.Bytes(problem, format)
        : null;

    // Earlier files have shares of peaks that moved, and of the bandwidth of memory where the bytes may have been in a cache.
    private static CaseResult WithoutDoubtfulShares(CaseResult result, Ceilings? ceilings)
    {
        if (ceilings?.PeakGflops(result.Threads) is not null && ceilings.SteadyPeakGflops(result.Threads) is null)
            result = result with { CeilingShare = null, ExecutedShare = null };
        return ceilings is { ReadBandwidths.Count: > 0 } && ceilings.Feeding(result.NecessaryBytes ?? 0, result.Threads) is null
            ? result with { BandwidthShare = null }
            : result;
    }

    private static CaseResult Shown(CaseResult result, ReportRun run)
    {
        KernelResult? kernel = run.Kernel(result.Kernel);
        GateResult? gate = kernel?.Gate;
        if (result.Status == CaseStatus.Measured && gate is { Failed: > 0 })
            result = result with { Status = CaseStatus.Wrong, Reason = gate.Failure ?? "the gate rejected the kernel" };
        if (result.Device is { } device && !IsTime(device.Timing))
            result = result with { Device = null };
        if (result.Status == CaseStatus.Measured && !IsTime(result.Timing))
            result = result with { Status = CaseStatus.Failed, Reason = "the case is marked as measured, but has no valid time" };
        if (result.Status == CaseStatus.Measured && Plausible.WhyNot(result) is { } number)
            result = result with { Status = CaseStatus.Failed, Reason = $"{number} is implausible, so that no figure of the case is shown" };
        if (result.Status == CaseStatus.Measured && PhysicalLimit.WhyNot(result, kernel, run.Results) is { } limit)
            result = result with { Status = CaseStatus.Failed, Reason = limit };
        return result.Status == CaseStatus.Measured ? result : result.WithoutFigures(result.Status, result.Reason);
    }

    private static bool IsTime(Timing? timing) =>
        timing is not null && timing.MedianNs > 0 && double.IsFinite(timing.HighNs)
        && timing.LowNs > 0 && timing.LowNs <= timing.MedianNs && timing.MedianNs <= timing.HighNs;

    private static AttentionProblem? TryParse(string name, MaskLines lines)
    {
        try
        {
            return ProblemName.Parse(name, lines);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            return null;
        }
    }
}
