using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Linear;

/// <summary>
/// Matrix products with partial sums: terms of similar size, such as products of positive features, round in the same direction, so the
/// error of one long sum would grow linearly.
/// </summary>
internal static class PartialProduct<TSet>
    where TSet : struct, IInstructionSet
{
    private const int TermsPerSum = 16;

    /// <summary>product = left·right.</summary>
    /// <param name="rows">Rows of left and product.</param>
    /// <param name="depth">Columns of left, rows of right.</param>
    /// <param name="columns">Columns of right and product, a multiple of the vector width.</param>
    /// <param name="left">[rows, depth], any strides.</param>
    /// <param name="right">[depth, columns], rows contiguous.</param>
    /// <param name="product">[rows, columns], rows contiguous.</param>
    public static void Multiply(int rows, int depth, int columns, MatrixView left, MatrixView right, MatrixView product)
    {
        for (int term = 0; term < depth; term += TermsPerSum)
        {
            TSet.MultiplyMatrix(
                rows, Math.Min(TermsPerSum, depth - term), columns, left.From(0, term), right.From(term, 0), product, add: term > 0);
        }
    }
}
