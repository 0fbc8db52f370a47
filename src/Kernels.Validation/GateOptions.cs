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

    /// <summary>Runs the cases; the caller disposes it. When null, they run in this process.</summary>
    public ICaseJudge? Judge { get; init; }

    /// <summary>Ends the gate between two cases; verdicts that are there are kept.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>Whether to stop at the first failure.</summary>
    public bool StopAtFirstFailure { get; init; }
}
