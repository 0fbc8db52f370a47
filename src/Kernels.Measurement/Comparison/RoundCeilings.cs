using Kernels.Abstractions;
using Kernels.Measurement.Ceiling;
using Kernels.Results;

namespace Kernels.Measurement.Comparison;

/// <summary>
/// The ceilings of one problem on one number of threads, probed between rounds, because the clock drifts and a share of an earlier ceiling
/// would drift with it. The read bandwidth is probed only where moving the tensors takes at least half as long as the multiply-adds.
/// </summary>
internal sealed class RoundCeilings : IDisposable
{
    private const double AsFast = 0.95;

    // Where both ceilings are near each other, both limit the kernel, and which is lower may change during the measurement.
    private const double AsFelt = 0.5;

    private readonly WorkerTeam team;
    private readonly FilledMemory? memory;
    private readonly CeilingProbe? compute, read;

    /// <summary>Chooses the ceilings that bound a problem.</summary>
    /// <param name="bytes">Bytes that must be moved, the maximum of the compared kernels.</param>
    /// <param name="flops">Exact operations, the minimum of the compared kernels.</param>
    /// <param name="threads">Threads at work.</param>
    /// <param name="peakBits">Vector width of the multiply-adds; null for the one with the best rate.</param>
    /// <param name="cold">Whether the tensors come from DRAM.</param>
    /// <param name="cacheBytes">Sizes of the caches by level.</param>
    public RoundCeilings(
        long bytes, double flops, int threads, int? peakBits, bool cold, IReadOnlyDictionary<string, long> cacheBytes)
    {
        team = new WorkerTeam(threads);
        CeilingLoops[] loops = [.. CeilingLoops.Supported().Where(each => peakBits is null || peakBits == each.Bits)];
        if (loops.Length == 0)
            return;
        CeilingProbe[] probes = [.. loops.Select(each => CeilingMeasurement.Compute(each, team))];
        WorkingSet set = WorkingSet.ForProblem(bytes, cacheBytes, threads, cold);
        memory = new FilledMemory(set.FloatsPerThread * threads);
        CeilingProbe reading = CeilingMeasurement.Read(CeilingLoops.Supported()[0], set, memory, team);
        CeilingProbe.SampleInTurn([.. probes, reading]);
        // The widest, unless another is clearly faster; otherwise noise would choose between equals.
        double best = probes.Max(probe => probe.GigaPerSecond);
        (CeilingLoops chosen, compute) = loops.Zip(probes).First(each => each.Second.GigaPerSecond > AsFast * best);
        InstructionSet = chosen.InstructionSet;
        if (!IsFelt(bytes, reading.GigaPerSecond, flops, compute.GigaPerSecond))
            return;
        read = reading;
        Read = new ReadBandwidth(set.Level, threads, sizeof(float) * set.FloatsPerThread * threads, reading.GigaPerSecond);
    }

    /// <summary>Instruction set of the multiply-adds; null without vector instructions.</summary>
    public string? InstructionSet { get; }

    /// <summary>The read loop and its rate at the start; null where reading is not a limit.</summary>
    public ReadBandwidth? Read { get; }

    /// <summary>Whether reading the bytes takes at least half as long as the operations, at these rates in 10⁹ a second.</summary>
    public static bool IsFelt(double bytes, double read, double flops, double peak) => bytes / read >= AsFelt * flops / peak;

    /// <summary>10⁹ operations a second, now.</summary>
    public double? SamplePeak() => compute?.Sample();

    /// <summary>10⁹ bytes a second, now.</summary>
    public double? SampleRead() => read?.Sample();

    /// <inheritdoc/>
    public void Dispose()
    {
        team.Dispose();
        memory?.Dispose();
    }
}
