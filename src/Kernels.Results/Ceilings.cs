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

    /// <summary>The best peak with this many threads, in GFLOP/s; null when it was not measured.</summary>
    public double? PeakGflops(int threads) =>
        FmaPeaks.Where(peak => peak.Threads == threads).Select(peak => (double?)peak.Gflops).Max();

    /// <summary>
    /// The read bandwidth of this many threads, in 10⁹ bytes a second, from the nearest level that holds <paramref name="bytes"/>. A cache
    /// was measured with half of its size, so it holds twice that; DRAM holds any number. Null when the level was not measured.
    /// </summary>
    public double? ReadGigabytesPerSecond(long bytes, int threads) => ReadBandwidths
        .Where(read => read.Threads == threads && (read.Level == ReadBandwidth.Memory || bytes <= 2 * read.WorkingSetBytes))
        .MinBy(read => read.WorkingSetBytes)?.GigabytesPerSecond;
}

/// <summary>Peak float32 rate; a multiply-add counts as two operations.</summary>
/// <param name="InstructionSet">Such as <c>AVX-512</c>.</param>
/// <param name="Threads">Threads at work.</param>
/// <param name="Gflops">10⁹ operations a second in the best sample of the run, since other load can only lower a sample.</param>
public sealed record FmaPeak(string InstructionSet, int Threads, double Gflops);

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
