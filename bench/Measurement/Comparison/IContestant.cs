using Kernels.Abstractions;
using Kernels.Bench.Validation;

namespace Kernels.Bench.Measurement.Comparison;

/// <summary>One of those that are compared: something that computes one problem and can be timed at it.</summary>
internal interface IContestant : IDisposable
{
    /// <summary>Its name in the table.</summary>
    string Name { get; }

    /// <summary>Operations that its definition needs for the problem.</summary>
    double ExactFlops { get; }

    /// <summary>Operations that it executes; null where it does not state them (<see cref="AttentionKernel.ExecutedFlops"/>).</summary>
    double? ExecutedFlops { get; }

    /// <summary>Whether the ceilings of this processor bound it; a device has others.</summary>
    bool RunsOnProcessor { get; }

    /// <summary>Calls it <paramref name="calls"/> times on the problem, and returns how many nanoseconds one of them took on average.</summary>
    double Sample(int calls);

    /// <summary>Compares what the last call wrote with the oracle.</summary>
    Verdict Check();
}
