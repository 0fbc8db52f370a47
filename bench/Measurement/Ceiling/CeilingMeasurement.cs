using Kernels.Abstractions;
using Kernels.Bench.Results;

namespace Kernels.Bench.Measurement.Ceiling;

/// <summary>Measures what the machine can do: multiply-adds of each instruction set, and reading from each level of the memory.</summary>
public static class CeilingMeasurement
{
    /// <summary>Measures everything for each number of threads; takes about three seconds.</summary>
    public static Ceilings Measure(IReadOnlyList<int> threadCounts, IReadOnlyDictionary<string, long> cacheBytes, long memoryBytes)
    {
        List<FmaPeak> peaks = [];
        List<ReadBandwidth> bandwidths = [];
        IReadOnlyList<CeilingLoops> loops = CeilingLoops.Supported();
        foreach (int threads in threadCounts)
        {
            using var team = new WorkerTeam(threads);
            peaks.AddRange(loops.Select(each => FmaPeakOf(each, team)));
            if (loops.Count > 0)
                bandwidths.AddRange(
                    WorkingSet.ForLevels(cacheBytes, memoryBytes, threads).Select(set => BandwidthOf(loops[0], set, team)));
        }
        return new Ceilings { FmaPeaks = peaks, ReadBandwidths = bandwidths };
    }

    /// <summary>The best peak of this many threads again, relative to <paramref name="before"/>; null when there was none.</summary>
    public static double? Drift(Ceilings before, int threads)
    {
        if (before.PeakGflops(threads) is not { } peak)
            return null;
        using var team = new WorkerTeam(threads);
        return CeilingLoops.Supported().Max(each => FmaPeakOf(each, team).Gflops) / peak - 1;
    }

    private static FmaPeak FmaPeakOf(CeilingLoops loops, WorkerTeam team)
    {
        const int RoundsPerUnit = 10_000;
        var sink = new Sink(team.Threads);
        double seconds = TeamClock.MedianSeconds(
            team, (thread, units) => sink.Keep(thread, loops.MultiplyAdd(units * RoundsPerUnit, start: thread)));
        double flops = (double)RoundsPerUnit * FmaLoop.FlopsPerRound(loops.Width) * team.Threads;
        return new FmaPeak(loops.InstructionSet, team.Threads, flops / seconds / 1e9);
    }

    private static unsafe ReadBandwidth BandwidthOf(CeilingLoops loops, WorkingSet set, WorkerTeam team)
    {
        using var memory = new FilledMemory(set.FloatsPerThread * team.Threads);
        var sink = new Sink(team.Threads);
        double seconds = TeamClock.MedianSeconds(team, (thread, units) => sink.Keep(
            thread, loops.Read(memory.Floats + thread * set.FloatsPerThread, set.FloatsPerThread, checked((int)units))));
        long bytes = sizeof(float) * set.FloatsPerThread * team.Threads;
        return new ReadBandwidth(set.Level, team.Threads, bytes, bytes / seconds / 1e9);
    }

    /// <summary>Keeps a result of each thread, so that no loop can be left out as useless.</summary>
    private sealed class Sink(int threads)
    {
        private readonly float[] results = new float[threads];

        public void Keep(int thread, float result) => Volatile.Write(ref results[thread], result);
    }
}
