using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers;

/// <summary>Where the projected rows of an encoder are, on cache lines.</summary>
/// <param name="Memory">Shared memory.</param>
/// <param name="Count">Rows.</param>
/// <param name="Width">Numbers of a row.</param>
internal sealed unsafe record AlignmentKeys(Rows Memory, int Count, int Width)
{
    /// <summary>Floats of a row.</summary>
    public int Stride => AlignmentRow.Stride(Width);

    /// <summary>Floats in all.</summary>
    public static long Length(int count, int width) => CacheLine.Floats + (2L * count + 1) * AlignmentRow.Stride(width) + count;

    /// <summary>A row.</summary>
    public float* Row(in Call call, int index) => CacheLine.Align(Memory.Of(call)) + (nint)index * Stride;

    /// <summary>Its exponentials.</summary>
    public float* Exponentials(in Call call, int index) => Row(call, Count + index);

    /// <summary>−2·log₂ e·v, padded with zeros.</summary>
    public float* Weights(in Call call) => Row(call, 2 * Count);

    /// <summary>The largest magnitude of each row.</summary>
    public float* Largest(in Call call) => Row(call, 2 * Count + 1);

    /// <summary>Writes the scores of a query to all rows of a sequence, in units of log₂.</summary>
    /// <param name="call">The call.</param>
    /// <param name="sequence">The sequence.</param>
    /// <param name="count">Rows of a sequence.</param>
    /// <param name="query">The projected query, [width].</param>
    /// <param name="scratch">Two rows.</param>
    /// <param name="scores">[count].</param>
    public void Score<TSet>(in Call call, int sequence, int count, float* query, float* scratch, float* scores)
        where TSet : struct, IInstructionSet
    {
        var row = new AlignmentRow(query, Width, scratch, scratch + Stride);
        TSet.Run(ref row);
        int first = sequence * count;
        var score = new AdditiveScores
        {
            Query = scratch,
            QueryExponentials = scratch + Stride,
            QueryLargest = row.Largest,
            Keys = Row(call, first),
            KeyExponentials = Exponentials(call, first),
            KeyLargest = Largest(call) + first,
            Weights = Weights(call),
            Stride = Stride,
            Count = count,
            Scores = scores,
        };
        TSet.Run(ref score);
    }
}

/// <summary>Prepares the projected rows of an encoder, and v. An item is a few rows.</summary>
/// <param name="source">[rows, width].</param>
/// <param name="v">Place of v.</param>
/// <param name="keys">Where they go.</param>
internal sealed unsafe class AlignmentStep<TSet>(Rows source, int v, AlignmentKeys keys) : LayerStep
    where TSet : struct, IInstructionSet
{
    /// <inheritdoc/>
    public override LayerPart Part => LayerPart.Attention;

    private const int RowsOfItem = 16;

    /// <inheritdoc/>
    public override int Items => (keys.Count - 1) / RowsOfItem + 1;

    /// <inheritdoc/>
    public override void Compute(in Call call, int item)
    {
        for (int row = item * RowsOfItem; row < Math.Min(keys.Count, (item + 1) * RowsOfItem); row++)
        {
            var own = new AlignmentRow(source.Of(call) + (nint)row * keys.Width, keys.Width, keys.Row(call, row), keys.Exponentials(call, row));
            TSet.Run(ref own);
            keys.Largest(call)[row] = own.Largest;
        }
        if (item > 0)
            return;
        // tanh a = 1 − 2/(e²ᵃ + 1): softmax takes out the same Σ v of all scores, and its scores are in units of log₂.
        new Span<float>(keys.Weights(call), keys.Stride).Clear();
        TSet.Scale((float*)call[v].Start, -2 * VectorExp.Log2E, keys.Weights(call), keys.Width);
    }
}
