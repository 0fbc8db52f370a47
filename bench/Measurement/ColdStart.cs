using System.Diagnostics;
using Kernels.Abstractions;

namespace Kernels.Bench.Measurement;

/// <summary>
/// What comes before a cold call: the caches are emptied, and then the kernel computes one query on one key, over and over, in memory of
/// its own. That wakes its threads, which have slept through the eviction, and lets the system spread them over the processors, so that
/// the call pays for its data and not for the scheduler.
/// </summary>
internal sealed class ColdStart
{
    // Woken threads may share a processor until the system looks again, which it does every few milliseconds.
    private const double SecondsAwake = 0.004;

    private readonly CacheEviction eviction;
    private readonly AttentionKernel kernel;
    private readonly AttentionProblem? smallest;
    private readonly float[] q, k, v, output, scratch;

    /// <summary>Prepares for calls of <paramref name="kernel"/>, its team included, on <paramref name="problem"/>.</summary>
    public ColdStart(CacheEviction eviction, AttentionKernel kernel, AttentionProblem problem)
    {
        this.eviction = eviction;
        this.kernel = kernel;
        var small = new AttentionProblem(1, problem.Heads, problem.KvHeads, 1, 1, problem.HeadDim, problem.Mask, problem.Scale);
        // A kernel that refuses so small a problem starts with its threads asleep.
        smallest = kernel.WhyNot(small) is null ? small : null;
        (q, output) = (new float[small.QueryLength], new float[small.QueryLength]);
        (k, v) = (new float[small.KeyLength], new float[small.KeyLength]);
        scratch = new float[smallest is null ? 0 : kernel.ScratchLength(small)];
    }

    /// <summary>Does both. Allocates nothing.</summary>
    public void Prepare()
    {
        eviction.Evict();
        long end = Stopwatch.GetTimestamp() + (long)(SecondsAwake * Stopwatch.Frequency);
        while (smallest is not null && Stopwatch.GetTimestamp() < end)
            kernel.Forward(smallest, q, k, v, output, scratch);
    }
}
