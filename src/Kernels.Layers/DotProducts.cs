using System.Runtime.CompilerServices;
using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers;

/// <summary>
/// sums = x·Wᵀ for one row x, bound by reading W: a number is the dot product of x and a row of W, so that all of W is one sequential read, as memory gives it
/// fastest. Where x would not stay in the first-level cache, which takes the buffers that prefetched lines of W need, rows are read in pieces of a page: a
/// piece of all rows, then the next.
/// </summary>
internal unsafe struct DotProducts<TElement> : IVectorKernel
    where TElement : unmanaged, IStored<TElement>
{
    // Numbers of x that stay beside what is prefetched, in 32 KiB too, and of a piece where there are more: a page of W in bfloat16, two in float32.
    private const int MostOfX = 4096, Piece = 2048;

    // How far ahead memory is prefetched, more than its latency at the full rate; of pieces it is the next row.
    private const int BytesAhead = 8 << 10;

    /// <summary>The operands, W as [count, depth], with one row of x.</summary>
    public required StreamedOperands Operands { get; init; }

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        StreamedOperands of = Operands;
        nint depth = of.Depth;
        TElement* all = (TElement*)of.W;
        if (of.Depth <= MostOfX)
        {
            for (int column = 0; column < of.Count; column++, all += depth)
                of.Sums[column] = Multiply<TSimd, TVector>(of.X, all, all + BytesAhead / sizeof(TElement), depth);
            return;
        }
        new Span<float>(of.Sums, of.Count).Clear();
        for (int begin = 0; begin < of.Depth; begin += Piece)
        {
            int steps = Math.Min(Piece, of.Depth - begin);
            TElement* w = all + begin, behind = begin + steps < of.Depth ? w + steps : all + of.Count * depth;
            for (int column = 0; column < of.Count; column++, w += depth)
                of.Sums[column] += Multiply<TSimd, TVector>(of.X + begin, w, column + 1 < of.Count ? w + depth : behind, steps);
        }
    }

    /// <summary>A product of numbers that are fewer than a vector.</summary>
    public static float Rest(float* x, TElement* w, int count)
    {
        float* wide = stackalloc float[16];
        TElement.Element.Widen(w, new Span<float>(wide, count));
        float sum = 0;
        for (int i = 0; i < count; i++)
            sum += x[i] * wide[i];
        return sum;
    }

    // Eight vectors at once: the fewer instructions there are for a line, the more lines are waited for at the same time.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float Multiply<TSimd, TVector>(float* x, TElement* w, TElement* next, nint steps)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        nint i = 0;
        TVector a = default, b = default, c = default, d = default;
        for (; i <= steps - 8 * TSimd.Width; i += 8 * TSimd.Width)
        {
            Prefetch.FourVectors<TSimd, TVector, TElement>(next + i);
            Prefetch.FourVectors<TSimd, TVector, TElement>(next + i + 4 * TSimd.Width);
            a = TSimd.MultiplyAdd(TElement.Load<TSimd, TVector>(w + i), TSimd.Load(x + i), a);
            b = TSimd.MultiplyAdd(TElement.Load<TSimd, TVector>(w + i + TSimd.Width), TSimd.Load(x + i + TSimd.Width), b);
            c = TSimd.MultiplyAdd(TElement.Load<TSimd, TVector>(w + i + 2 * TSimd.Width), TSimd.Load(x + i + 2 * TSimd.Width), c);
            d = TSimd.MultiplyAdd(TElement.Load<TSimd, TVector>(w + i + 3 * TSimd.Width), TSimd.Load(x + i + 3 * TSimd.Width), d);
            a = TSimd.MultiplyAdd(TElement.Load<TSimd, TVector>(w + i + 4 * TSimd.Width), TSimd.Load(x + i + 4 * TSimd.Width), a);
            b = TSimd.MultiplyAdd(TElement.Load<TSimd, TVector>(w + i + 5 * TSimd.Width), TSimd.Load(x + i + 5 * TSimd.Width), b);
            c = TSimd.MultiplyAdd(TElement.Load<TSimd, TVector>(w + i + 6 * TSimd.Width), TSimd.Load(x + i + 6 * TSimd.Width), c);
            d = TSimd.MultiplyAdd(TElement.Load<TSimd, TVector>(w + i + 7 * TSimd.Width), TSimd.Load(x + i + 7 * TSimd.Width), d);
        }
        for (; i <= steps - TSimd.Width; i += TSimd.Width)
            a = TSimd.MultiplyAdd(TElement.Load<TSimd, TVector>(w + i), TSimd.Load(x + i), a);
        float sum = TSimd.SumAcross(TSimd.Add(TSimd.Add(a, b), TSimd.Add(c, d)));
        return i < steps ? sum + Rest(x + i, w + i, (int)(steps - i)) : sum;
    }
}
