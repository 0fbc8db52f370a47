using Kernels.Abstractions;
using Kernels.Bench.Results;

namespace Kernels.Bench.Measurement.Ceiling;

/// <summary>Measures what the machine can do: multiply-adds of each instruction set, and reading from each level of the memory.</summary>
public static class CeilingMeasurement
{
    /// <summary>Measures everything for each number of threads; takes about a second for each.</summary>
    public static Ceilings Measure(IReadOnlyList<int> threadCounts, IReadOnlyDictionary<string, long> cacheBytes, long memoryBytes)
    {
        List<FmaPeak> peaks = [];
        List<ReadBandwidth> bandwidths = [];
        IReadOnlyList<CeilingLoops> loops = CeilingLoops.Supported();
        foreach (int threads in threadCounts)
        {
            using var team = new WorkerTeam(threads);
            IReadOnlyList<WorkingSet> sets = loops.Count > 0 ? WorkingSet.ForLevels(cacheBytes, memoryBytes, threads) : [];
            using var memory = new FilledMemory(sets.Select(set => set.FloatsPerThread * threads).DefaultIfEmpty().Max());
            CeilingProbe[] compute = [.. loops.Select(each => Compute(each, team))];
            CeilingProbe[] read = [.. sets.Select(set => Read(loops[0], set, memory, team))];
            CeilingProbe.SampleInTurn([.. compute, .. read]);
            peaks.AddRange(loops.Zip(compute, (each, probe) => new FmaPeak(each.InstructionSet, threads, probe.GigaPerSecond)));
            bandwidths.AddRange(sets.Zip(read, (set, probe) =>
                new ReadBandwidth(set.Level, threads, sizeof(float) * set.FloatsPerThread * threads, probe.GigaPerSecond)));
        }
        return new Ceilings { FmaPeaks = peaks, ReadBandwidths = bandwidths };
    }

    /// <summary>How far the best peak of this many threads is now from <paramref name="before"/>; null when there was none.</summary>
    public static double? Drift(Ceilings before, int threads)
    {
        if (before.PeakGflops(threads) is not { } peak)
            return null;
        using var team = new WorkerTeam(threads);
        CeilingProbe[] compute = [.. CeilingLoops.Supported().Select(each => Compute(each, team))];
        CeilingProbe.SampleInTurn(compute);
        return compute.Max(probe => probe.GigaPerSecond) / peak - 1;
    }

    private static CeilingProbe Compute(CeilingLoops loops, WorkerTeam team)
    {
        const int RoundsPerUnit = 10_000;
        var sink = new float[team.Threads];
        return new CeilingProbe(
            team, (double)RoundsPerUnit * FmaLoop.FlopsPerRound(loops.Width) * team.Threads,
            (thread, units) => Volatile.Write(ref sink[thread], loops.MultiplyAdd(units * RoundsPerUnit, start: thread)));
    }

    private static unsafe CeilingProbe Read(CeilingLoops loops, WorkingSet set, FilledMemory memory, WorkerTeam team)
    {
        var sink = new float[team.Threads];
        return new CeilingProbe(
            team, (double)sizeof(float) * set.FloatsPerThread * team.Threads,
            (thread, units) => Volatile.Write(
                ref sink[thread], loops.Read(memory.Floats + thread * set.FloatsPerThread, set.FloatsPerThread, checked((int)units))));
    }
}
