using System.Collections.Immutable;
using Kernels.Abstractions;

namespace Kernels.Layers;

/// <summary>A plan whose stages are steps of a layer.</summary>
internal sealed record LayerPlan : Plan
{
    /// <summary>A plan of steps.</summary>
    /// <param name="steps">One for each stage, at least one.</param>
    /// <param name="sharedFloats">Numbers that the steps share.</param>
    public LayerPlan(ImmutableArray<LayerStep> steps, long sharedFloats)
        : base(ImmutableArray.CreateRange(steps, step => step.Items))
    {
        Steps = steps;
        SharedBytes = sizeof(float) * sharedFloats;
        ThreadBytes = steps.Max(step => step.ThreadBytes);
        Parts = [.. steps.Select(step => Words(step.Part))];
    }

    /// <summary>One for each stage.</summary>
    public ImmutableArray<LayerStep> Steps { get; }

    private static string Words(LayerPart part) => part == LayerPart.FeedForward ? "feed-forward" : part.ToString().ToLowerInvariant();
}

/// <summary>One stage of a layer. It has no state; all memory is that of the call.</summary>
internal abstract unsafe class LayerStep
{
    /// <summary>What it is part of; steps of recurrences are the most.</summary>
    public virtual LayerPart Part { get; init; } = LayerPart.Recurrence;

    /// <summary>Work items.</summary>
    public abstract int Items { get; }

    /// <summary>Bytes that a thread needs.</summary>
    public virtual long ThreadBytes => 0;

    /// <summary>Computes one item.</summary>
    public abstract void Compute(in Call call, int item);
}

/// <summary>Where a step reads or writes: an operand, or floats of the shared memory.</summary>
/// <param name="Place">Place of the operand; −1 for shared memory.</param>
/// <param name="Offset">Floats from its beginning.</param>
internal readonly unsafe record struct Rows(int Place, long Offset = 0)
{
    /// <summary>The address in a call.</summary>
    public float* Of(in Call call) => (Place < 0 ? (float*)call.Shared : (float*)call[Place].Start) + Offset;
}
