using Kernels.Results;

namespace Kernels.Measurement.Ceiling;

/// <summary>How much memory each thread reads so that it comes from one level.</summary>
/// <param name="Level">L1, L2, L3, DRAM; memory where the caches are unknown.</param>
/// <param name="FloatsPerThread">A multiple of <see cref="ReadLoop.FloatsPerRound"/>.</param>
public sealed record WorkingSet(string Level, long FloatsPerThread)
{
    // Where the system does not say, caches are assumed to be no larger than this.
    private const long LargestCacheAssumed = 32L << 20;

    private const long DramOverLastCache = 4;

    /// <summary>
    /// L2 and L3 at half of their reported size (L3 shared by all threads), DRAM at four times the largest cache. A level that the system
    /// does not report, or that is too small to be told from the one below, is left out, and so is what exceeds a quarter of the memory.
    /// </summary>
    public static IReadOnlyList<WorkingSet> ForLevels(IReadOnlyDictionary<string, long> cacheBytes, long memoryBytes, int threads)
    {
        long l1 = cacheBytes.GetValueOrDefault("L1"), l2 = cacheBytes.GetValueOrDefault("L2"), l3 = cacheBytes.GetValueOrDefault("L3");
        List<WorkingSet> sets = [];
        if (l2 / 2 > l1)
            sets.Add(Of("L2", l2 / 2));
        if (l3 / 2 / threads > l2)
            sets.Add(Of("L3", l3 / 2 / threads));
        if (BytesBeyondCaches(cacheBytes) is var beyond && beyond <= memoryBytes / 4)
            sets.Add(Of(ReadBandwidth.Memory, beyond / threads));
        return sets;
    }

    /// <summary>
    /// As much as a problem moves, each thread its share, from the level that holds it; what is larger than needed to come from the memory
    /// is read in part, as is everything when the caches are <paramref name="cold"/>.
    /// </summary>
    public static WorkingSet ForProblem(long bytes, IReadOnlyDictionary<string, long> cacheBytes, int threads, bool cold)
    {
        long beyond = BytesBeyondCaches(cacheBytes), perThread = Math.Min(bytes, beyond) / threads;
        if (cold)
            return Of("DRAM", beyond / threads);
        bool Fits(string level, long size) => cacheBytes.TryGetValue(level, out long capacity) && size <= capacity;
        string name =
            cacheBytes.Count == 0 ? "memory"
            : Fits("L1", perThread) ? "L1"
            : Fits("L2", perThread) ? "L2"
            : Fits("L3", bytes) ? "L3"
            : "DRAM";
        return Of(name, Math.Max(perThread, ReadLoop.FloatsPerRound * sizeof(float)));
    }

    /// <summary>Bytes that leave nothing else in any cache when they are read.</summary>
    public static long BytesBeyondCaches(IReadOnlyDictionary<string, long> cacheBytes)
    {
        long largest = Math.Max(cacheBytes.GetValueOrDefault("L2"), cacheBytes.GetValueOrDefault("L3"));
        return DramOverLastCache * (largest > 0 ? largest : LargestCacheAssumed);
    }

    private static WorkingSet Of(string level, long bytesPerThread) =>
        new(level, bytesPerThread / sizeof(float) / ReadLoop.FloatsPerRound * ReadLoop.FloatsPerRound);
}
