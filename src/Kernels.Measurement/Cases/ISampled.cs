using Kernels.Abstractions;
using Kernels.Validation;

namespace Kernels.Measurement.Cases;

/// <summary>What can be sampled: a kernel on one problem, on threads of this process, on a device, or in a process of others.</summary>
internal interface ISampled : IDisposable
{
    /// <summary>Its name in tables.</summary>
    string Name { get; }

    /// <summary>Operations that its formula needs for the problem (<see cref="Operation.Flops"/>).</summary>
    double ExactFlops { get; }

    /// <summary>Operations that it executes; null where it does not state them (<see cref="Plan.ExecutedFlops"/>).</summary>
    double? ExecutedFlops { get; }

    /// <summary>Bytes that must be moved (<see cref="Operation.Bytes"/>).</summary>
    long Bytes { get; }

    /// <summary>Whether the ceilings of this processor bound it; a device has others.</summary>
    bool RunsOnProcessor { get; }

    /// <summary>Managed bytes that a call allocated, the least of all samples; null where they cannot be known.</summary>
    double? AllocatedBytesPerCall { get; }

    /// <summary>
    /// Comes before a sample, outside its time: <paramref name="warmCalls"/> calls where caches are warm, a cold start where they are
    /// to be cold. Outputs then hold NaN, so what is in them after the sample was computed by timed calls.
    /// </summary>
    void BeginSample(int warmCalls);

    /// <summary>
    /// What is timed: so many calls. Returns how many nanoseconds they took together by a clock of its own; null for one that the
    /// clock of the engine times.
    /// </summary>
    double? Call(int calls);

    /// <summary>Comes after a sample of so many calls, outside its time.</summary>
    void EndSample(int calls);

    /// <summary>
    /// Compares what the last call wrote with the reference. Where calls go on from what the one before left, one more is made from the inputs.
    /// </summary>
    Verdict Check(Expectation reference);
}
