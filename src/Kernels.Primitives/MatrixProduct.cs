using System.Runtime.CompilerServices;

namespace Kernels.Primitives;

/// <summary>
/// Products of small matrices in cache. A block of 6 rows × 2 vectors of C stays in registers over the whole depth: each step loads 2
/// vectors of B, broadcasts 6 numbers of A and does 12 multiply-adds. 12 accumulators, 2 vectors of B and 1 broadcast fit the 16 registers
/// of AVX2 and SSE (BLIS, Van Zee and van de Geijn 2015, section 4; the 6x16 tile of its Haswell kernels).
/// </summary>
internal static unsafe class MatrixProduct<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Rows of C that share the loads of B. A last block with fewer rows costs as much as a full one.</summary>
    public const int BlockRows = 6;

    /// <summary>C = A·B, or C += A·B; the sum over the depth starts from zero either way, so that long sums are summed in blocks.</summary>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="depth">Columns of A, rows of B, at least 1.</param>
    /// <param name="columns">Columns of B and C, a multiple of the vector width.</param>
    /// <param name="a">[rows, depth], any strides.</param>
    /// <param name="b">[depth, columns], rows contiguous.</param>
    /// <param name="c">[rows, columns], rows contiguous.</param>
    /// <param name="add">Whether the product is added to what C holds.</param>
    public static void Multiply(int rows, int depth, int columns, MatrixView a, MatrixView b, MatrixView c, bool add)
    {
        for (int row = 0; row < rows; row += BlockRows)
        {
            int blockRows = Math.Min(BlockRows, rows - row);
            MatrixView blockA = a.From(row, 0);
            int column = 0;
            for (; column <= columns - 2 * TSimd.Width; column += 2 * TSimd.Width)
                MultiplyTwoVectors(blockRows, depth, blockA, b.From(0, column), c.From(row, column), add);
            if (column < columns)
                MultiplyOneVector(blockRows, depth, blockA, b.From(0, column), c.From(row, column), add);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MultiplyTwoVectors(int rows, int depth, MatrixView a, MatrixView b, MatrixView c, bool add)
    {
        // Missing rows repeat the last one, so that reads stay inside and one loop serves every number of rows.
        float* a0 = a.Start, a1 = a0 + Math.Min(1, rows - 1) * a.RowStride, a2 = a0 + Math.Min(2, rows - 1) * a.RowStride;
        float* a3 = a0 + Math.Min(3, rows - 1) * a.RowStride, a4 = a0 + Math.Min(4, rows - 1) * a.RowStride;
        float* a5 = a0 + Math.Min(5, rows - 1) * a.RowStride;
        float* bRow = b.Start;
        TVector c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default;
        TVector c30 = default, c31 = default, c40 = default, c41 = default, c50 = default, c51 = default;
        nint end = depth * a.ColumnStride;
        for (nint step = 0; step < end; step += a.ColumnStride, bRow += b.RowStride)
        {
            TVector b0 = TSimd.Load(bRow), b1 = TSimd.Load(bRow + TSimd.Width);
            TVector value = TSimd.Create(a0[step]);
            c00 = TSimd.MultiplyAdd(value, b0, c00);
            c01 = TSimd.MultiplyAdd(value, b1, c01);
            value = TSimd.Create(a1[step]);
            c10 = TSimd.MultiplyAdd(value, b0, c10);
            c11 = TSimd.MultiplyAdd(value, b1, c11);
            value = TSimd.Create(a2[step]);
            c20 = TSimd.MultiplyAdd(value, b0, c20);
            c21 = TSimd.MultiplyAdd(value, b1, c21);
            value = TSimd.Create(a3[step]);
            c30 = TSimd.MultiplyAdd(value, b0, c30);
            c31 = TSimd.MultiplyAdd(value, b1, c31);
            value = TSimd.Create(a4[step]);
            c40 = TSimd.MultiplyAdd(value, b0, c40);
            c41 = TSimd.MultiplyAdd(value, b1, c41);
            value = TSimd.Create(a5[step]);
            c50 = TSimd.MultiplyAdd(value, b0, c50);
            c51 = TSimd.MultiplyAdd(value, b1, c51);
        }
        Store(c, 0, rows, c00, c01, add);
        Store(c, 1, rows, c10, c11, add);
        Store(c, 2, rows, c20, c21, add);
        Store(c, 3, rows, c30, c31, add);
        Store(c, 4, rows, c40, c41, add);
        Store(c, 5, rows, c50, c51, add);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MultiplyOneVector(int rows, int depth, MatrixView a, MatrixView b, MatrixView c, bool add)
    {
        float* a0 = a.Start, a1 = a0 + Math.Min(1, rows - 1) * a.RowStride, a2 = a0 + Math.Min(2, rows - 1) * a.RowStride;
        float* a3 = a0 + Math.Min(3, rows - 1) * a.RowStride, a4 = a0 + Math.Min(4, rows - 1) * a.RowStride;
        float* a5 = a0 + Math.Min(5, rows - 1) * a.RowStride;
        float* bRow = b.Start;
        TVector c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default;
        nint end = depth * a.ColumnStride;
        for (nint step = 0; step < end; step += a.ColumnStride, bRow += b.RowStride)
        {
            TVector b0 = TSimd.Load(bRow);
            c0 = TSimd.MultiplyAdd(TSimd.Create(a0[step]), b0, c0);
            c1 = TSimd.MultiplyAdd(TSimd.Create(a1[step]), b0, c1);
            c2 = TSimd.MultiplyAdd(TSimd.Create(a2[step]), b0, c2);
            c3 = TSimd.MultiplyAdd(TSimd.Create(a3[step]), b0, c3);
            c4 = TSimd.MultiplyAdd(TSimd.Create(a4[step]), b0, c4);
            c5 = TSimd.MultiplyAdd(TSimd.Create(a5[step]), b0, c5);
        }
        Store(c, 0, rows, c0, add);
        Store(c, 1, rows, c1, add);
        Store(c, 2, rows, c2, add);
        Store(c, 3, rows, c3, add);
        Store(c, 4, rows, c4, add);
        Store(c, 5, rows, c5, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(MatrixView c, int row, int rows, TVector first, TVector second, bool add)
    {
        Store(c, row, rows, first, add);
        Store(c.From(0, TSimd.Width), row, rows, second, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(MatrixView c, int row, int rows, TVector sum, bool add)
    {
        if (row >= rows)
            return;
        float* destination = c.Start + row * c.RowStride;
        TSimd.Store(add ? TSimd.Add(TSimd.Load(destination), sum) : sum, destination);
    }
}
