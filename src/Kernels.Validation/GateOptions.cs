using Kernels.Reference;

namespace Kernels.Validation;

/// <summary>Options of the gate.</summary>
public sealed record GateOptions
{
    /// <summary>Two threads, and three, which divide work unevenly.</summary>
    public static IReadOnlyList<int> DefaultThreads { get; } = [2, 3];

    /// <summary>The cases, in order.</summary>
    public required IReadOnlyList<GateCase> Cases { get; init; }

    /// <summary>Inputs and gold, shared by all kernels with the same cache.</summary>
    public required ReferenceCache Cache { get; init; }

    /// <summary>Numbers of threads whose results must equal that of one thread, bit for bit.</summary>
    public IReadOnlyList<int> Threads { get; init; } = DefaultThreads;

    /// <summary>The fence around each buffer.</summary>
    public Fence Fence { get; init; } = Fence.Sentinels;

    /// <summary>Whether to stop at the first failure.</summary>
    public bool StopAtFirstFailure { get; init; }
}
