using Kernels.Reference;

namespace Kernels.Validation;

/// <summary>What a kernel is put through.</summary>
public sealed record GateOptions
{
    /// <summary>Two threads, and three, which divide nothing evenly.</summary>
    public static IReadOnlyList<int> DefaultThreads { get; } = [2, 3];

    /// <summary>The cases, in order.</summary>
    public required IReadOnlyList<GateCase> Cases { get; init; }

    /// <summary>Inputs and oracle results, shared by all kernels that are validated with the same cache.</summary>
    public required ReferenceCache Cache { get; init; }

    /// <summary>Numbers of threads that must give what one thread gives, bit for bit; 1 is always tried.</summary>
    public IReadOnlyList<int> Threads { get; init; } = DefaultThreads;

    /// <summary>What lies around the buffers.</summary>
    public Fence Fence { get; init; } = Fence.Sentinels;

    /// <summary>Whether one failure is enough to know.</summary>
    public bool StopAtFirstFailure { get; init; }
}
