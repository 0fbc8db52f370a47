using Kernels.Abstractions;
using Kernels.Primitives;

namespace Kernels.Layers;

/// <summary>
/// Numbers of every sequence that change from step to step, [copies, sequences, <see cref="Stride"/>] on cache lines: one row for each sequence, close to
/// each other, where outputs of a step are far apart.
/// </summary>
/// <param name="Memory">Shared memory.</param>
/// <param name="Sequences">Rows, whole register tiles.</param>
/// <param name="Width">Numbers of a row.</param>
internal sealed unsafe record States(Rows Memory, int Sequences, int Width)
{
    /// <summary>Floats from one row to the next, whole panels.</summary>
    public int Stride => StrideOf(Width);

    /// <summary>Floats of some copies.</summary>
    public static long Length(int copies, int sequences, int width) => CacheLine.Floats + (long)copies * sequences * StrideOf(width);

    /// <summary>A row of a copy. States have two, so that a step writes into the one that none of its items reads.</summary>
    public float* Row(in Call call, int copy, int sequence) => CacheLine.Align(Memory.Of(call)) + ((nint)copy * Sequences + sequence) * Stride;

    private static int StrideOf(int width) => Panel.Count(width) * Panel.Columns;
}

/// <summary>Zeros, in one item.</summary>
/// <param name="memory">Where.</param>
/// <param name="floats">How many.</param>
internal sealed unsafe class ClearStep(Rows memory, long floats) : LayerStep
{
    /// <inheritdoc/>
    public override int Items => 1;

    /// <inheritdoc/>
    public override void Compute(in Call call, int item) => new Span<float>(memory.Of(call), checked((int)floats)).Clear();
}
