using Kernels.Abstractions;
using Kernels.Bench.Results;

namespace Kernels.Bench.Report.Model;

/// <summary>
/// What a run's machine allows, for one number of threads (Williams, Waterman and Patterson 2009, Roofline): the multiply-add peak, and for
/// problems with few operations a byte the read bandwidth times that intensity.
/// </summary>
public sealed class Roofline
{
    private const double WorthALineOfItsOwn = 0.9;

    private readonly MachineInfo machine;
    private readonly int threads;

    private Roofline(MachineInfo machine, int threads, List<FmaPeak> peaks, IReadOnlyList<ReadBandwidth> bandwidths)
    {
        (this.machine, this.threads, Peak, Bandwidths) = (machine, threads, peaks[0], bandwidths);
        foreach (FmaPeak peak in peaks)
        {
            if (peak.Gflops < LowerPeaks.Append(Peak).Min(other => other.Gflops) * WorthALineOfItsOwn)
                LowerPeaks.Add(peak);
        }
    }

    /// <summary>The highest peak of all instruction sets.</summary>
    public FmaPeak Peak { get; }

    /// <summary>Peaks of other instruction sets that are clearly lower than it and each other.</summary>
    public List<FmaPeak> LowerPeaks { get; } = [];

    /// <summary>Read bandwidths, from the nearest level to memory.</summary>
    public IReadOnlyList<ReadBandwidth> Bandwidths { get; }

    /// <summary>The ceilings of a run for a number of threads; null when no peak was measured with as many.</summary>
    public static Roofline? Of(ReportRun run, int threads)
    {
        if (run.Results.Ceilings is not { } ceilings)
            return null;
        List<FmaPeak> peaks =
            [.. ceilings.FmaPeaks.Where(peak => peak.Threads == threads && peak.Gflops > 0).OrderByDescending(peak => peak.Gflops)];
        return peaks.Count == 0
            ? null
            : new Roofline(
                run.Results.Machine, threads, peaks,
                [.. ceilings.ReadBandwidths.Where(read => read.Threads == threads && read.GigabytesPerSecond > 0)]);
    }

    /// <summary>
    /// Exact operations of the problem and definition divided by <see cref="AttentionProblem.VisibleBytes"/>: operations a byte. A property
    /// of the problem: a kernel that moves more bytes has the same. Null without a rate.
    /// </summary>
    public static double? Intensity(ReportCase measured) =>
        measured is { Problem: { } problem, Result.ExactGflops: > 0 and var rate }
            ? rate * measured.Nanoseconds / problem.VisibleBytes
            : null;

    /// <summary>
    /// The nearest level that holds those bytes, and so feeds a kernel whose caches are warm; null when it was not measured.
    /// Each thread has an L2 of its own, all share the L3.
    /// </summary>
    public ReadBandwidth? Feeding(ReportCase measured)
    {
        long bytes = measured.Problem!.VisibleBytes;
        string level =
            bytes <= machine.CacheBytes.GetValueOrDefault("L2") * threads ? "L2"
            : bytes <= machine.CacheBytes.GetValueOrDefault("L3") ? "L3"
            : "DRAM";
        return Bandwidths.FirstOrDefault(read => read.Level == level);
    }

    /// <summary>Whether moving those bytes takes longer than the arithmetic at its peak.</summary>
    public bool IsBoundByReading(ReportCase measured) => Ceiling(measured) < Peak.Gflops;

    /// <summary>Exact GFLOP/s as a share of the ceiling; null for a device, which the processor's ceilings do not bound.</summary>
    public double? Share(ReportCase measured) =>
        measured is { Kernel: null or { Device: null }, Result.ExactGflops: > 0 and var rate, Problem: not null }
            ? rate / Ceiling(measured)
            : null;

    private double Ceiling(ReportCase measured) => Math.Min(
        Peak.Gflops,
        Intensity(measured) is { } intensity && Feeding(measured) is { } read ? intensity * read.GigabytesPerSecond : double.PositiveInfinity);
}
