using System.Numerics.Tensors;

namespace Kernels.Linear;

/// <summary>The product of a vector and a state.</summary>
internal static class StateProduct
{
    // Terms of similar size round in the same direction; partial sums of a few rows keep the error small.
    private const int RowsPerPartialSum = 16;

    /// <summary>product = factor·xᵀ·state.</summary>
    /// <param name="x">[rows].</param>
    /// <param name="factor">Factor of x.</param>
    /// <param name="state">[rows, columns].</param>
    /// <param name="product">[columns].</param>
    /// <param name="partial">[columns], overwritten.</param>
    public static void Read(ReadOnlySpan<float> x, float factor, ReadOnlySpan<float> state, Span<float> product, Span<float> partial)
    {
        product.Clear();
        for (int begin = 0; begin < x.Length; begin += RowsPerPartialSum)
        {
            partial.Clear();
            for (int row = begin; row < Math.Min(x.Length, begin + RowsPerPartialSum); row++)
                TensorPrimitives.MultiplyAdd(state.Slice(row * product.Length, product.Length), x[row] * factor, partial, partial);
            TensorPrimitives.Add(product, partial, product);
        }
    }
}
