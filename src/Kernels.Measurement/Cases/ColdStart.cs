using System.Diagnostics;
using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Validation;

namespace Kernels.Measurement.Cases;

/// <summary>
/// Preparation of a cold call: empties the caches, then runs the kernel repeatedly on one query and one key in separate memory. This wakes
/// its threads, which sleep during the eviction, and lets the system spread them over the processors, so that the timed call includes the
/// loading of its data but no scheduling delay.
/// </summary>
internal sealed class ColdStart : IDisposable
{
    // Woken threads may share a processor until the scheduler balances them, every few milliseconds.
    private const double SecondsAwake = 0.004;

    private readonly CacheEviction eviction;
    private readonly Inputs? inputs;
    private readonly CallBuffers? smallest;

    /// <summary>Prepares for calls of a kernel on an executor.</summary>
    public ColdStart(CacheEviction eviction, Kernel kernel, IExecutor executor, AttentionProblem problem)
    {
        this.eviction = eviction;
        AttentionProblem small = problem.On(new(
            1, problem.Heads, problem.KvHeads, 1, 1, problem.HeadDim, problem.Mask, problem.Scale, problem.ValueDim, order: problem.Order));
        // A kernel that refuses this small problem starts with sleeping threads.
        if (kernel.WhyNot(small) is not null)
            return;
        inputs = new Inputs(small, kernel.Info.Operation.Operands(small, Format.Float32));
        smallest = new CallBuffers(kernel, inputs, executor);
    }

    /// <summary>Empties the caches and wakes the threads. Allocates nothing.</summary>
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
