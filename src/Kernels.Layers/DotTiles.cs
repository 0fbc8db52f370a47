using System.Runtime.CompilerServices;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;
using Kernels.Primitives.Tiles;

namespace Kernels.Layers;

/// <summary>
/// sums = x·Wᵀ for some rows of x, in register tiles of dot products: each vector of W is multiplied with up to four rows of x, and each vector of x with two
/// or four rows of W. Nothing is transposed, which would cost more than the products of few rows. Rows are read in pieces that stay in the first-level cache,
/// a piece of all rows of W, then the next; that of the rows of W that follow is prefetched.
/// </summary>
internal unsafe struct DotTiles<TElement> : IVectorKernel
    where TElement : unmanaged, IStored<TElement>
{
    private const int MostRows = 4;

    // Numbers of a piece: 16 KB of four rows of x.
    private const int Piece = 1024;

    /// <summary>The operands, W as [count, depth].</summary>
    public required StreamedOperands Operands { get; init; }

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        // Four rows of both take 16 sums, which only the 32 registers of AVX-512 hold beside the operands.
        if (TSimd.Width >= 16)
            Pieces<TSimd, TVector, Four>();
        else
            Pieces<TSimd, TVector, Two>();
    }

    private readonly void Pieces<TSimd, TVector, TColumns>()
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
        where TColumns : struct, ICount
    {
        StreamedOperands of = Operands;
        nint depth = of.Depth;
        for (int begin = 0; begin < of.Depth; begin += Piece)
        {
            int steps = Math.Min(Piece, of.Depth - begin);
            TElement* w = (TElement*)of.W + begin, behind = begin + steps < of.Depth ? w + steps : (TElement*)of.W + of.Count * depth;
            for (int column = 0, columns; column < of.Count; column += columns)
            {
                columns = of.Count - column >= TColumns.Value ? TColumns.Value : 1;
                TElement* own = w + column * depth, next = column + columns < of.Count ? own + columns * depth : behind;
                if (columns == 1)
                    Rows<TSimd, TVector, One>(column, begin, steps, own, next);
                else
                    Rows<TSimd, TVector, TColumns>(column, begin, steps, own, next);
            }
        }
    }

    private readonly void Rows<TSimd, TVector, TColumns>(int column, int begin, int steps, TElement* w, TElement* next)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
        where TColumns : struct, ICount
    {
        StreamedOperands of = Operands;
        // What the first rows of x prefetched is not prefetched again.
        for (int row = 0; row < of.Rows; row += MostRows, next = w)
        {
            float* x = of.X + row * of.XRow + begin, sums = of.Sums + row * of.SumsRow + column;
            if (of.Rows - row == 1)
                Multiply<TSimd, TVector, One, TColumns>(x, w, next, steps, sums, begin == 0);
            else if (of.Rows - row == 2)
                Multiply<TSimd, TVector, Two, TColumns>(x, w, next, steps, sums, begin == 0);
            else if (of.Rows - row == 3)
                Multiply<TSimd, TVector, Three, TColumns>(x, w, next, steps, sums, begin == 0);
            else
                Multiply<TSimd, TVector, Four, TColumns>(x, w, next, steps, sums, begin == 0);
        }
    }

    // Sums are named locals, because the JIT enregisters no array elements.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly void Multiply<TSimd, TVector, TRows, TColumns>(float* x, TElement* w, TElement* next, nint steps, float* sums, bool isFirst)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
        where TRows : struct, ICount
        where TColumns : struct, ICount
    {
        nint row = Operands.XRow, depth = Operands.Depth, i = 0;
        TVector a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
        TVector c0 = default, c1 = default, c2 = default, c3 = default, d0 = default, d1 = default, d2 = default, d3 = default;
        for (; i <= steps - TSimd.Width; i += TSimd.Width)
        {
            TElement* at = w + i, ahead = next + i;
            TVector w0 = TElement.Load<TSimd, TVector>(at), w1 = default, w2 = default, w3 = default;
            Prefetch.IntoFirstLevel(ahead);
            if (TColumns.Value > 1)
            {
                w1 = TElement.Load<TSimd, TVector>(at + depth);
                Prefetch.IntoFirstLevel(ahead + depth);
            }
            if (TColumns.Value > 2)
            {
                w2 = TElement.Load<TSimd, TVector>(at + 2 * depth);
                w3 = TElement.Load<TSimd, TVector>(at + 3 * depth);
                Prefetch.IntoFirstLevel(ahead + 2 * depth);
                Prefetch.IntoFirstLevel(ahead + 3 * depth);
            }
            float* from = x + i;
            Add<TSimd, TVector, TColumns>(from, w0, w1, w2, w3, ref a0, ref a1, ref a2, ref a3);
            if (TRows.Value > 1) Add<TSimd, TVector, TColumns>(from + row, w0, w1, w2, w3, ref b0, ref b1, ref b2, ref b3);
            if (TRows.Value > 2) Add<TSimd, TVector, TColumns>(from + 2 * row, w0, w1, w2, w3, ref c0, ref c1, ref c2, ref c3);
            if (TRows.Value > 3) Add<TSimd, TVector, TColumns>(from + 3 * row, w0, w1, w2, w3, ref d0, ref d1, ref d2, ref d3);
        }
        nint stride = Operands.SumsRow;
        float* products = stackalloc float[MostRows * MostRows];
        TSimd.StoreSums(a0, a1, a2, a3, products);
        if (TRows.Value > 1) TSimd.StoreSums(b0, b1, b2, b3, products + 4);
        if (TRows.Value > 2) TSimd.StoreSums(c0, c1, c2, c3, products + 8);
        if (TRows.Value > 3) TSimd.StoreSums(d0, d1, d2, d3, products + 12);
        for (int r = 0; r < TRows.Value; r++, sums += stride)
        {
            for (int c = 0; c < TColumns.Value; c++)
            {
                float sum = products[MostRows * r + c] + (i < steps ? DotProducts<TElement>.Rest(x + r * row + i, w + c * depth + i, (int)(steps - i)) : 0);
                sums[c] = isFirst ? sum : sums[c] + sum;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TSimd, TVector, TColumns>(
        float* x, TVector w0, TVector w1, TVector w2, TVector w3, ref TVector sum0, ref TVector sum1, ref TVector sum2, ref TVector sum3)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
        where TColumns : struct, ICount
    {
        TVector vector = TSimd.Load(x);
        sum0 = TSimd.MultiplyAdd(w0, vector, sum0);
        if (TColumns.Value > 1) sum1 = TSimd.MultiplyAdd(w1, vector, sum1);
        if (TColumns.Value > 2) sum2 = TSimd.MultiplyAdd(w2, vector, sum2);
        if (TColumns.Value > 2) sum3 = TSimd.MultiplyAdd(w3, vector, sum3);
    }
}
