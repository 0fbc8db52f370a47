using System.Diagnostics;
using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Validation;

namespace Kernels.Measurement.Cases;

/// <summary>
/// What comes before a cold call: the caches are emptied, and then the kernel computes one query on one key, over and over, in memory of
/// its own. That wakes its threads, which have slept through the eviction, and lets the system spread them over the processors, so that
/// the call pays for its data and not for the scheduler.
/// </summary>
internal sealed class ColdStart : IDisposable
{
    // Woken threads may share a processor until the system looks again, which it does every few milliseconds.
    private const double SecondsAwake = 0.004;

    private readonly CacheEviction eviction;
    private readonly Inputs? inputs;
    private readonly CallBuffers? smallest;

    /// <summary>Prepares for calls of a kernel on an executor.</summary>
    public ColdStart(CacheEviction eviction, Kernel kernel, IExecutor executor, AttentionProblem problem)
    {
        this.eviction = eviction;
        var small = new AttentionProblem(
            1, problem.Heads, problem.KvHeads, 1, 1, problem.HeadDim, problem.Mask, problem.Scale, problem.ValueDim, order: problem.Order);
        // A kernel that refuses so small a problem starts with its threads asleep.
        if (kernel.WhyNot(small) is not null)
            return;
        inputs = new Inputs(small, kernel.Info.Operation.Operands(small, Format.Float32));
        smallest = new CallBuffers(kernel, inputs, executor);
    }

    /// <summary>Does both. Allocates nothing.</summary>
    public void Prepare()
    {
        eviction.Evict();
        long end = Stopwatch.GetTimestamp() + (long)(SecondsAwake * Stopwatch.Frequency);
        while (smallest is not null && Stopwatch.GetTimestamp() < end)
            smallest.Call.Run();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        smallest?.Dispose();
        inputs?.Dispose();
    }
}
