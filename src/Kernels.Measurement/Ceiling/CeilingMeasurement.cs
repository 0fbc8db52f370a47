using Kernels.Abstractions;
using Kernels.Results;

namespace Kernels.Measurement.Ceiling;

/// <summary>Measures the ceilings of the machine: multiply-adds of each instruction set, and reading from each memory level.</summary>
public static class CeilingMeasurement
{
    /// <summary>Bits of the vectors whose multiply-add peak can be measured in this process, widest first; empty without any.</summary>
    public static IReadOnlyList<int> VectorBits => [.. CeilingLoops.Supported().Select(loops => loops.Bits)];

    /// <summary>Measures all ceilings for each number of threads, about a second each.</summary>
    public static Ceilings Measure(IReadOnlyList<int> threadCounts, IReadOnlyDictionary<string, long> cacheBytes, long memoryBytes)
    {
        Ceilings[] ceilings =
            [.. threadCounts.Select(threads => Sample(threads, VectorBits.Count > 0 ? WorkingSet.ForLevels(cacheBytes, memoryBytes, threads) : []))];
        return Joined(ceilings);
    }

    /// <summary>
    /// Measures the same again at the end of a run. A ceiling is the better of both, because other load can only lower it; of a peak also the relative change,
    /// and the drift of the run is that of the best peak of one thread.
    /// </summary>
    public static Ceilings MeasureAgain(Ceilings start)
    {
        Ceilings[] ends =
        [
            .. start.FmaPeaks.Select(peak => peak.Threads).Distinct().Select(threads => Sample(threads,
            [
                .. start.ReadBandwidths.Where(read => read.Threads == threads)
                    .Select(read => new WorkingSet(read.Level, read.WorkingSetBytes / sizeof(float) / threads)),
            ])),
        ];
        Ceilings end = Joined(ends);
        return start with
        {
            FmaPeaks = [.. start.FmaPeaks.Select(peak =>
                Joined(peak, end.FmaPeaks.Single(other => other.InstructionSet == peak.InstructionSet && other.Threads == peak.Threads)))],
            ReadBandwidths = [.. start.ReadBandwidths.Select(read => read with
            {
                GigabytesPerSecond = end.ReadBandwidths.Append(read).Where(other => other.Level == read.Level && other.Threads == read.Threads)
                    .Max(other => other.GigabytesPerSecond),
            })],
            PeakDrift = end.PeakGflops(1) / start.PeakGflops(1) - 1,
        };
    }

    private static FmaPeak Joined(FmaPeak start, FmaPeak end) =>
        start with { Gflops = Math.Max(start.Gflops, end.Gflops), Drift = end.Gflops / start.Gflops - 1 };

    private static Ceilings Joined(Ceilings[] ofThreads) => new()
    {
        FmaPeaks = [.. ofThreads.SelectMany(each => each.FmaPeaks)],
        ReadBandwidths = [.. ofThreads.SelectMany(each => each.ReadBandwidths)],
    };

    private static Ceilings Sample(int threads, IReadOnlyList<WorkingSet> sets)
    {
        IReadOnlyList<CeilingLoops> loops = CeilingLoops.Supported();
        using var team = new WorkerTeam(threads);
        using var memory = new FilledMemory(sets.Select(set => set.FloatsPerThread * threads).DefaultIfEmpty().Max());
        CeilingProbe[] compute = [.. loops.Select(each => Compute(each, team))];
        CeilingProbe[] read = [.. sets.Select(set => Read(loops[0], set, memory, team))];
        CeilingProbe.SampleInTurn([.. compute, .. read]);
        return new Ceilings
        {
            FmaPeaks = [.. loops.Zip(compute, (each, probe) => new FmaPeak(each.InstructionSet, threads, probe.GigaPerSecond))],
            ReadBandwidths =
            [
                .. sets.Zip(read, (set, probe) =>
                    new ReadBandwidth(set.Level, threads, sizeof(float) * set.FloatsPerThread * threads, probe.GigaPerSecond)),
            ],
        };
    }

    /// <summary>Multiply-adds on every thread of the team.</summary>
    internal static CeilingProbe Compute(CeilingLoops loops, WorkerTeam team)
    {
        const int RoundsPerUnit = 10_000;
        var sink = new float[team.Threads];
        return new CeilingProbe(
            team, (double)RoundsPerUnit * FmaLoop.FlopsPerRound(loops.Width) * team.Threads,
            (thread, units) => Volatile.Write(ref sink[thread], loops.MultiplyAdd(units * RoundsPerUnit, start: thread)));
    }

    /// <summary>Reads a working set over and over, each thread of the team its own part of <paramref name="memory"/>.</summary>
    internal static unsafe CeilingProbe Read(CeilingLoops loops, WorkingSet set, FilledMemory memory, WorkerTeam team)
    {
        var sink = new float[team.Threads];
        return new CeilingProbe(
            team, (double)sizeof(float) * set.FloatsPerThread * team.Threads,
            (thread, units) => Volatile.Write(
                ref sink[thread], loops.Read(memory.Floats + thread * set.FloatsPerThread, set.FloatsPerThread, checked((int)units))));
    }
}
