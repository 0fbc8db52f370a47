using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Training.Graphs;

/// <summary>Products of matrices of any sizes with the widest vectors of this machine.</summary>
internal abstract unsafe class Product
{
    /// <summary>The one of this machine.</summary>
    public static Product Widest { get; } = InstructionSet.Widest<Maker, Product>();

    /// <summary>C = A·B, or C += A·B.</summary>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="depth">Columns of A, rows of B.</param>
    /// <param name="columns">Columns of B and C.</param>
    /// <param name="a">[rows, depth], any strides.</param>
    /// <param name="b">[depth, columns], rows contiguous.</param>
    /// <param name="c">[rows, columns], rows contiguous.</param>
    /// <param name="add">Whether the product is added to what C holds.</param>
    public abstract void Multiply(int rows, int depth, int columns, MatrixView a, MatrixView b, MatrixView c, bool add);

    private readonly struct Maker : IForInstructionSet<Product>
    {
        public static Product For<TSet>()
            where TSet : struct, IInstructionSet =>
            new Of<TSet>();
    }

    private sealed class Of<TSet> : Product
        where TSet : struct, IInstructionSet
    {
        public override void Multiply(int rows, int depth, int columns, MatrixView a, MatrixView b, MatrixView c, bool add)
        {
            int whole = columns / TSet.Width * TSet.Width;
            if (whole > 0)
                TSet.MultiplyMatrix(rows, depth, whole, a, b, c, add);
            for (int row = 0; row < rows; row++)
            {
                for (int column = whole; column < columns; column++)
                {
                    float sum = 0;
                    for (int step = 0; step < depth; step++)
                        sum += a.From(row, step).Start[0] * b.From(step, column).Start[0];
                    float* to = c.From(row, column).Start;
                    *to = add ? *to + sum : sum;
                }
            }
        }
    }
}
