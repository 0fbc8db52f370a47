using Kernels.Results;

namespace Kernels.Measurement.Ceiling;

/// <summary>Memory that each thread reads, sized to come from one level.</summary>
/// <param name="Level">L1, L2, L3 or DRAM; DRAM where the caches are unknown.</param>
/// <param name="FloatsPerThread">A multiple of <see cref="ReadLoop.FloatsPerRound"/>.</param>
public sealed record WorkingSet(string Level, long FloatsPerThread)
{
    // Assumed where the system does not report cache sizes.
    private const long LargestCacheAssumed = 32L << 20;

    private const long DramOverLastCache = 4;

    /// <summary>
    /// L2 and L3 at half of their reported size (L3 shared by all threads), DRAM at four times the largest cache. A level that the system
    /// does not report, or is too small to be distinguished from the one below, is omitted, as is a set of more than a quarter of the
    /// memory.
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
    /// The bytes that a problem moves, shared among the threads, from the level that holds them. Sets larger than needed to come from DRAM
    /// are read in part; with <paramref name="cold"/> caches all sets come from DRAM.
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

    /// <summary>Bytes whose reading evicts everything else from all caches.</summary>
    public static long BytesBeyondCaches(IReadOnlyDictionary<string, long> cacheBytes)
    {
        long largest = Math.Max(cacheBytes.GetValueOrDefault("L2"), cacheBytes.GetValueOrDefault("L3"));
        return DramOverLastCache * (largest > 0 ? largest : LargestCacheAssumed);
    }

    private static WorkingSet Of(string level, long bytesPerThread) =>
        new(level, bytesPerThread / sizeof(float) / ReadLoop.FloatsPerRound * ReadLoop.FloatsPerRound);
}
