using System.Collections.Immutable;

namespace Kernels.Abstractions;

/// <summary>
/// How a kernel computes a problem, and what memory it needs beside the operands. The memory belongs to the caller; its contents are arbitrary
/// before a call and meaningless after.
/// </summary>
/// <param name="Stages">Work items of each stage; none when the kernel refuses the problem.</param>
public sealed record Plan(ImmutableArray<int> Stages)
{
    /// <summary>Work items of several stages.</summary>
    public Plan(params ReadOnlySpan<int> stages)
        : this(ImmutableArray.Create(stages))
    {
    }

    /// <summary>Bytes that each thread needs for itself.</summary>
    public long ThreadBytes { get; init; }

    /// <summary>Bytes that all work items of a call share, where they leave partial results for later stages.</summary>
    public long SharedBytes { get; init; }

    /// <summary>
    /// Floating-point operations of the matrix products that the kernel executes, where its form needs others than
    /// <see cref="Operation.Flops"/> counts; null for a kernel that does not state them. It says how busy the arithmetic units are;
    /// how fast a kernel is, its time and the exact operations say.
    /// </summary>
    public double? ExecutedFlops { get; init; }

    /// <summary>Why the kernel does not compute the problem, as a sentence for the report; null when it does.</summary>
    public string? Refusal { get; init; }

    /// <summary>The answer of a kernel that does not compute a problem.</summary>
    public static Plan Refuse(string reason) => new(ImmutableArray<int>.Empty) { Refusal = reason };
}
