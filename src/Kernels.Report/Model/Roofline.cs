using Kernels.Abstractions;
using Kernels.Results;

namespace Kernels.Report.Model;

/// <summary>
/// The ceilings of a run's machine for one number of threads (Williams, Waterman and Patterson 2009, Roofline): the multiply-add peak, and
/// for problems with few operations a byte the read bandwidth times that intensity.
/// </summary>
public sealed class Roofline
{
    private const double WorthALineOfItsOwn = 0.9;

    private readonly Ceilings ceilings;
    private readonly int threads;

    private Roofline(Ceilings ceilings, int threads, List<FmaPeak> peaks)
    {
        (this.ceilings, this.threads, Peak) = (ceilings, threads, peaks[0]);
        foreach (FmaPeak peak in peaks)
        {
            if (peak.Gflops < LowerPeaks.Append(Peak).Min(other => other.Gflops) * WorthALineOfItsOwn)
                LowerPeaks.Add(peak);
        }
    }

    /// <summary>The highest peak of all instruction sets.</summary>
    public FmaPeak Peak { get; }

    /// <summary>Clearly lower peaks of other instruction sets.</summary>
    public List<FmaPeak> LowerPeaks { get; } = [];

    /// <summary>Read bandwidths, from the nearest level to memory.</summary>
    public IReadOnlyList<ReadBandwidth> Bandwidths => [.. ceilings.ReadBandwidths.Where(read => read.Threads == threads && IsCeiling(read.GigabytesPerSecond))];

    /// <summary>The ceilings of a run for a number of threads; null when no peak was measured with as many, or it did not stay the same.</summary>
    public static Roofline? Of(ReportRun run, int threads)
    {
        if (run.Results.Ceilings is not { } ceilings || ceilings.SteadyPeakGflops(threads) is null)
            return null;
        List<FmaPeak> peaks =
            [.. ceilings.FmaPeaks.Where(peak => peak.Threads == threads && IsCeiling(peak.Gflops)).OrderByDescending(peak => peak.Gflops)];
        return peaks.Count == 0 ? null : new Roofline(ceilings, threads, peaks);
    }

    private static bool IsCeiling(double rate) => rate > 0 && Plausible.Rate(rate);

    /// <summary>
    /// What <see cref="Operation.Flops"/> counts divided by <see cref="ReportCase.MovedBytes"/>: floating-point operations a byte. A
    /// property of problem, operation and format, not of the bytes that a kernel really moves. Null without a rate.
    /// </summary>
    public static double? Intensity(ReportCase measured) =>
        measured is { MovedBytes: { } bytes, Result.ExactGflops: > 0 and var rate } ? rate * measured.Nanoseconds / bytes : null;

    /// <summary>The level that feeds a kernel with warm caches; null when it was not measured, or cannot be known.</summary>
    public ReadBandwidth? Feeding(ReportCase measured) =>
        measured.MovedBytes is { } bytes && ceilings.Feeding(bytes, threads) is { } read && IsCeiling(read.GigabytesPerSecond) ? read : null;

    /// <summary>Whether moving those bytes takes longer than the arithmetic at its peak.</summary>
    public bool IsBoundByReading(ReportCase measured) => Ceiling(measured) < Peak.Gflops;

    /// <summary>
    /// Exact GFLOP/s as a share of the ceiling; null for a device, and for products in other formats: float32 ceilings do not bound them.
    /// </summary>
    public double? Share(ReportCase measured) =>
        measured is { Kernel: null or { Device: null }, Result.ExactGflops: > 0 and var rate, Problem: not null }
            && measured.Workload.HasFloat32Products
            ? rate / Ceiling(measured)
            : null;

    private double Ceiling(ReportCase measured) => Math.Min(
        Peak.Gflops,
        Intensity(measured) is { } intensity && Feeding(measured) is { } read ? intensity * read.GigabytesPerSecond : double.PositiveInfinity);
}
