using System.Text.Json.Serialization;

namespace Kernels.Results;

/// <summary>Peaks of the machine, measured in the same run.</summary>
public sealed record Ceilings
{
    /// <summary>Peak float32 rate of multiply-add loops, for each instruction set and number of threads.</summary>
    public required IReadOnlyList<FmaPeak> FmaPeaks { get; init; }

    /// <summary>Read bandwidth, for each level of the memory and number of threads.</summary>
    public required IReadOnlyList<ReadBandwidth> ReadBandwidths { get; init; }

    /// <summary>
    /// Relative change of the peak of one thread from the start to the end of the run: −0.05 is five percent less. A large drift means that
    /// the clock or other load changed during the run. Null when it was not measured again.
    /// </summary>
    public double? PeakDrift { get; init; }

    /// <summary>Whether nothing is left to measure at the end of the run; without vectors there is no peak at all.</summary>
    [JsonIgnore]
    public bool AreComplete => PeakDrift is not null || FmaPeaks.Count == 0;

    /// <summary>
    /// A peak that moved by more than this within a run is no measure: times of both ends of the run are compared with one of its values,
    /// and kernels whose shares differ by less would be ranked by the moment at which they were measured.
    /// </summary>
    public const double LargestDrift = 0.05;

    /// <summary>The best peak with this many threads, in GFLOP/s; null when it was not measured.</summary>
    public double? PeakGflops(int threads) => Best(threads)?.Gflops;

    /// <summary>The same where it was steady: the peak that shares are of; null when it moved by more than <see cref="LargestDrift"/>.</summary>
    public double? SteadyPeakGflops(int threads) => Math.Abs(Drift(threads) ?? 0) <= LargestDrift ? PeakGflops(threads) : null;

    /// <summary>Relative change of the peak of this many threads, or of one where only that is known; null when it was not measured again.</summary>
    public double? Drift(int threads) => Best(threads)?.Drift ?? PeakDrift;

    /// <summary>Relative change of one peak; null when it was not measured again.</summary>
    public double? Drift(FmaPeak peak) => peak.Drift ?? (peak == Best(1) ? PeakDrift : null);

    private FmaPeak? Best(int threads) => FmaPeaks.Where(peak => peak.Threads == threads).MaxBy(peak => peak.Gflops);

    /// <summary>
    /// The nearest level that holds <paramref name="bytes"/>, which feeds a kernel with warm caches, and the read bandwidth of this many threads from it.
    /// A cache was measured with half of its size, so it holds twice that; DRAM holds any number. Null when the level was not measured, or is not known: on
    /// a machine that hides the sizes of its caches, fewer bytes than DRAM was measured with may lie in one.
    /// </summary>
    public ReadBandwidth? Feeding(long bytes, int threads)
    {
        List<ReadBandwidth> levels = [.. ReadBandwidths.Where(read => read.Threads == threads)];
        bool knowsCaches = levels.Any(read => read.Level != ReadBandwidth.Memory);
        return levels
            .Where(read => read.Level == ReadBandwidth.Memory ? knowsCaches || bytes >= read.WorkingSetBytes : bytes <= 2 * read.WorkingSetBytes)
            .MinBy(read => read.WorkingSetBytes);
    }
}

/// <summary>Peak float32 rate; a multiply-add counts as two operations.</summary>
/// <param name="InstructionSet">Such as <c>AVX-512</c>.</param>
/// <param name="Threads">Threads at work.</param>
/// <param name="Gflops">10⁹ operations a second in the best sample of the run, since other load can only lower a sample.</param>
public sealed record FmaPeak(string InstructionSet, int Threads, double Gflops)
{
    /// <summary>Relative change from the start to the end of the run; null when it was not measured again.</summary>
    public double? Drift { get; init; }
}

/// <summary>Read bandwidth.</summary>
/// <param name="Level">L2, L3 or DRAM.</param>
/// <param name="Threads">Threads at work, each on its own part of the memory.</param>
/// <param name="WorkingSetBytes">Bytes read in a round, all threads together.</param>
/// <param name="GigabytesPerSecond">10⁹ bytes a second in the best sample.</param>
public sealed record ReadBandwidth(string Level, int Threads, long WorkingSetBytes, double GigabytesPerSecond)
{
    /// <summary>The level of main memory.</summary>
    public const string Memory = "DRAM";
}
