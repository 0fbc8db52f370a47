using System.Collections.Immutable;

namespace Kernels.Abstractions;

/// <summary>
/// How a kernel computes a problem, and the memory that it needs besides the operands. The caller owns the memory; its contents are
/// arbitrary before a call and meaningless after it.
/// </summary>
/// <param name="Stages">Work items of each stage; none when the kernel refuses the problem.</param>
public record Plan(ImmutableArray<int> Stages)
{
    /// <summary>Work items of several stages.</summary>
    public Plan(params ReadOnlySpan<int> stages)
        : this(ImmutableArray.Create(stages))
    {
    }

    /// <summary>What each stage is part of, for the shares of the time of a kernel that has parts; empty for most.</summary>
    public ImmutableArray<string> Parts { get; init; } = [];

    /// <summary>Bytes that each thread needs for itself.</summary>
    public long ThreadBytes { get; init; }

    /// <summary>Bytes that all work items of a call share, for partial results that later stages read.</summary>
    public long SharedBytes { get; init; }

    /// <summary>
    /// Floating-point operations of the matrix products that the kernel executes, where they differ from <see cref="Operation.Flops"/>.
    /// Null for a kernel that does not state them. They measure how busy the arithmetic units are, not how fast the kernel is.
    /// </summary>
    public double? ExecutedFlops { get; init; }

    /// <summary>Why the kernel refuses the problem, as a sentence for the report; null when it does not.</summary>
    public string? Refusal { get; init; }

    /// <summary>Plan of a kernel that refuses a problem.</summary>
    public static Plan Refuse(string reason) => new(ImmutableArray<int>.Empty) { Refusal = reason };
}
