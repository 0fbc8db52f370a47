using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers;

/// <summary>
/// A projected row a of an additive alignment, [<see cref="Stride"/>], padded with zeros: itself, and e²ᵃ where no number of it is beyond
/// <see cref="Limit"/>. The exponential of a sum is the product of exponentials, so that tanh of a pair is a multiply-add and a division.
/// </summary>
/// <param name="source">[width].</param>
/// <param name="width">Numbers.</param>
/// <param name="row">[<see cref="Stride"/>], written; may be the source.</param>
/// <param name="exponentials">[<see cref="Stride"/>], written.</param>
internal unsafe struct AlignmentRow(float* source, int width, float* row, float* exponentials) : IVectorKernel
{
    /// <summary>With |a| up to 10 in query and key, e²⁽ᵃ⁺ᵇ⁾ is below e⁴⁰, and the product of two that share a division is finite.</summary>
    public const float Limit = 10;

    /// <summary>The largest magnitude, or anything where a number is NaN, whose exponential is NaN then.</summary>
    public float Largest { get; private set; }

    /// <summary>Floats of a padded row: pairs of the widest vectors.</summary>
    public static int Stride(int width) => (width + 2 * CacheLine.Floats - 1) / (2 * CacheLine.Floats) * (2 * CacheLine.Floats);

    /// <inheritdoc/>
    public void Run<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        int stride = Stride(width);
        new ReadOnlySpan<float>(source, width).CopyTo(new Span<float>(row, width));
        new Span<float>(row + width, stride - width).Clear();
        TVector largest = default, least = TSimd.Create(-Limit);
        for (int c = 0; c < stride; c += TSimd.Width)
        {
            TVector x = TSimd.Load(row + c), negative = TSimd.Subtract(default, x);
            largest = TSimd.Max(largest, TSimd.Max(x, negative));
            TVector bounded = TSimd.Max(least, TSimd.Subtract(default, TSimd.Max(least, negative)));
            TSimd.Store(VectorExp.Exp<TSimd, TVector>(TSimd.Add(bounded, bounded)), exponentials + c);
        }
        Largest = TSimd.MaxAcross(largest);
    }
}

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
