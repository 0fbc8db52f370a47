using System.Collections.Immutable;
using Kernels.Abstractions;

namespace Kernels.Layers;

/// <summary>A part of the work of every step of a recurrence, for some sequences and a group of columns.</summary>
internal abstract unsafe class TokenStep
{
    /// <summary>What it is part of.</summary>
    public virtual LayerPart Part => LayerPart.Recurrence;

    /// <summary>Operations of one sequence.</summary>
    public abstract double RowFlops { get; }

    /// <summary>Groups of columns, each computed by itself.</summary>
    public abstract int Groups { get; }

    /// <summary>Floats that a thread needs for some sequences.</summary>
    public abstract long ScratchLength(int rows);

    /// <summary>Computes it.</summary>
    /// <param name="call">The call.</param>
    /// <param name="token">The step.</param>
    /// <param name="begin">The first sequence.</param>
    /// <param name="rows">Sequences.</param>
    /// <param name="group">Columns.</param>
    public abstract void Compute(in Call call, int token, int begin, int rows, int group);
}

/// <summary>A stage for one part of one step: threads share its sequences and columns, and meet at its end.</summary>
/// <param name="step">What is computed.</param>
/// <param name="token">The step of the recurrence.</param>
/// <param name="batch">Sequences.</param>
/// <param name="blockRows">The most sequences of an item, whole register tiles.</param>
internal sealed class StagedStep(TokenStep step, int token, int batch, int blockRows) : LayerStep
{
    /// <inheritdoc/>
    public override LayerPart Part => step.Part;

    private readonly int blocks = (batch - 1) / blockRows + 1;

    /// <inheritdoc/>
    public override int Items => blocks * step.Groups;

    /// <inheritdoc/>
    public override long ThreadBytes => sizeof(float) * step.ScratchLength(Math.Min(batch, blockRows));

    /// <inheritdoc/>
    public override void Compute(in Call call, int item)
    {
        // Columns first: a thread keeps its panels in its cache from step to step.
        (int group, int block) = Math.DivRem(item, blocks);
        step.Compute(call, token, block * blockRows, Math.Min(blockRows, batch - block * blockRows), group);
    }
}

/// <summary>One stage for all steps: an item is some sequences from beginning to end.</summary>
/// <param name="parts">The parts of a step, in order.</param>
/// <param name="tokens">Steps.</param>
/// <param name="batch">Sequences.</param>
/// <param name="blockRows">The most sequences of an item, whole register tiles.</param>
internal sealed class LoopedStep(ImmutableArray<TokenStep> parts, int tokens, int batch, int blockRows) : LayerStep
{
    /// <inheritdoc/>
    public override int Items => (batch - 1) / blockRows + 1;

    /// <inheritdoc/>
    public override long ThreadBytes => sizeof(float) * parts.Max(part => part.ScratchLength(Math.Min(batch, blockRows)));

    /// <inheritdoc/>
    public override void Compute(in Call call, int item)
    {
        int begin = item * blockRows, rows = Math.Min(blockRows, batch - begin);
        for (int token = 0; token < tokens; token++)
        {
            foreach (TokenStep part in parts)
            {
                for (int group = 0; group < part.Groups; group++)
                    part.Compute(call, token, begin, rows, group);
            }
        }
    }
}
