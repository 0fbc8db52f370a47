using Kernels.Abstractions;
using Kernels.Validation;

namespace Kernels.Measurement.Cases;

/// <summary>A kernel on one problem that can be sampled: on threads of this process, on a device, or in another process.</summary>
internal interface ISampled : IDisposable
{
    /// <summary>Its name in tables.</summary>
    string Name { get; }

    /// <summary>Exact operations of the problem (<see cref="Operation.Flops"/>).</summary>
    double ExactFlops { get; }

    /// <summary>Operations that the kernel executes; null where it does not state them (<see cref="Plan.ExecutedFlops"/>).</summary>
    double? ExecutedFlops { get; }

    /// <summary>Bytes that must be moved (<see cref="Operation.Bytes"/>).</summary>
    long Bytes { get; }

    /// <summary>Whether the ceilings of this processor apply; a device has its own.</summary>
    bool RunsOnProcessor { get; }

    /// <summary>Managed bytes that a call allocated, the minimum over samples; null where unknown.</summary>
    double? AllocatedBytesPerCall { get; }

    /// <summary>
    /// Called before a sample, outside its time: makes its calls with warm caches, or a cold start, then fills the outputs with NaN, so that
    /// their contents after the sample come from timed calls.
    /// </summary>
    void BeginSample(Sample sample);

    /// <summary>
    /// The timed part: makes <paramref name="calls"/> calls. Returns their total nanoseconds by its own clock; null when the engine's clock
    /// times them.
    /// </summary>
    double? Call(int calls);

    /// <summary>Called after a sample of <paramref name="calls"/> calls, outside its time: checks that they did their work.</summary>
    void EndSample(int calls);

    /// <summary>
    /// Compares the output of the last call of a sample that <see cref="Sample.EndsAsGiven"/> with the expectation. Where calls accumulate, one more call is
    /// made from the original inputs.
    /// </summary>
    Verdict Check(Expectation reference);
}
