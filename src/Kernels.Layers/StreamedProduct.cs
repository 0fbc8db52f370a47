using System.Runtime.CompilerServices;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;
using Kernels.Primitives.Tiles;

namespace Kernels.Layers;

/// <summary>
/// sums = x·W for a few rows and a bfloat16 W, bound by reading W: rows of W one after the other, so that memory is read as it lies, with its lines prefetched.
/// Several rows side by side would take fewer loads and stores of the sums, which stay in the first-level cache, and a fifth more time.
/// </summary>
internal unsafe struct StreamedProduct : IVectorKernel
{
    // Numbers in a cache line.
    private const int Line = CacheLine.Bytes / sizeof(ushort);

    // How far ahead memory is prefetched: the latency of memory at its full rate.
    private const int BytesAhead = 16 << 10;

    /// <summary>The operands, W in bfloat16.</summary>
    public required StreamedOperands Operands { get; init; }

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        Operands.Clear();
        switch (Operands.Rows)
        {
            case 1:
                Stream<TSimd, TVector, One>();
                break;
            case 2:
                Stream<TSimd, TVector, Two>();
                break;
            case 3:
                Stream<TSimd, TVector, Three>();
                break;
            default:
                Stream<TSimd, TVector, Four>();
                break;
        }
    }

    private readonly void Stream<TSimd, TVector, TRows>()
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
        where TRows : struct, ICount
    {
        StreamedOperands of = Operands;
        int count = of.Count;
        nint ahead = Math.Max(1, BytesAhead / ((nint)count * sizeof(StoredBFloat16))) * of.Width, row = of.SumsRow, xRow = of.XRow;
        float* sums = of.Sums;
        for (int i = 0; i < of.Depth; i++)
        {
            StoredBFloat16* w = (StoredBFloat16*)of.W + i * of.Width;
            float* x = of.X + i;
            TVector x0 = TSimd.Create(x[0]), x1 = default, x2 = default, x3 = default;
            if (TRows.Value > 1) x1 = TSimd.Create(x[xRow]);
            if (TRows.Value > 2) x2 = TSimd.Create(x[2 * xRow]);
            if (TRows.Value > 3) x3 = TSimd.Create(x[3 * xRow]);
            int c = 0;
            for (; c <= count - 2 * TSimd.Width; c += 2 * TSimd.Width)
            {
                if (c % Line == 0)
                    Prefetch.IntoFirstLevel(w + c + ahead);
                Add<TSimd, TVector, TRows>(StoredBFloat16.Load<TSimd, TVector>(w + c), sums + c, row, x0, x1, x2, x3);
                Add<TSimd, TVector, TRows>(StoredBFloat16.Load<TSimd, TVector>(w + c + TSimd.Width), sums + c + TSimd.Width, row, x0, x1, x2, x3);
            }
            for (; c < count; c++)
            {
                float number = Number(w + c);
                for (int r = 0; r < TRows.Value; r++)
                    sums[r * row + c] += x[r * xRow] * number;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TSimd, TVector, TRows>(TVector w, float* sums, nint row, TVector x0, TVector x1, TVector x2, TVector x3)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
        where TRows : struct, ICount
    {
        TSimd.Store(TSimd.MultiplyAdd(x0, w, TSimd.Load(sums)), sums);
        if (TRows.Value > 1) TSimd.Store(TSimd.MultiplyAdd(x1, w, TSimd.Load(sums + row)), sums + row);
        if (TRows.Value > 2) TSimd.Store(TSimd.MultiplyAdd(x2, w, TSimd.Load(sums + 2 * row)), sums + 2 * row);
        if (TRows.Value > 3) TSimd.Store(TSimd.MultiplyAdd(x3, w, TSimd.Load(sums + 3 * row)), sums + 3 * row);
    }

    private static float Number(StoredBFloat16* number) => BitConverter.UInt32BitsToSingle((uint)*(ushort*)number << 16);
}
