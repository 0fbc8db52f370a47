using Kernels.Bench.Results;

namespace Kernels.Bench.Measurement.Ceiling;

/// <summary>How much memory each thread reads so that it comes from one level.</summary>
/// <param name="Level">L2, L3 or DRAM.</param>
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
        long last = Math.Max(l2, l3) is var known and > 0 ? known : LargestCacheAssumed;
        List<WorkingSet> sets = [];
        if (l2 / 2 > l1)
            sets.Add(Of("L2", l2 / 2));
        if (l3 / 2 / threads > l2)
            sets.Add(Of("L3", l3 / 2 / threads));
        if (DramOverLastCache * last <= memoryBytes / 4)
            sets.Add(Of(ReadBandwidth.Memory, DramOverLastCache * last / threads));
        return sets;
    }

    private static WorkingSet Of(string level, long bytesPerThread) =>
        new(level, bytesPerThread / sizeof(float) / ReadLoop.FloatsPerRound * ReadLoop.FloatsPerRound);
}
