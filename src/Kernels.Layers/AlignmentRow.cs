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
