using System.Runtime.CompilerServices;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;
using Kernels.Primitives.Tiles;

namespace Kernels.Layers;

/// <summary>
/// result[row, lane] (+)= Σ over steps of left[row, step] · right[step, lane] for one to four rows, where a register tile would compute six: the rest of a
/// batch, or one sequence, whose product is bound by reading right. All strides count floats.
/// </summary>
internal unsafe struct FewRows : IVectorKernel
{
    /// <summary>The most rows.</summary>
    public const int Most = 4;

    /// <summary>[rows, steps].</summary>
    public required float* Left { get; init; }

    /// <summary>Stride of a row of left.</summary>
    public required nint LeftRow { get; init; }

    /// <summary>1 … <see cref="Most"/>.</summary>
    public required int Rows { get; init; }

    /// <summary>[steps, vectors], readable in whole vectors.</summary>
    public required float* Right { get; init; }

    /// <summary>Stride of a step of right.</summary>
    public required nint RightStep { get; init; }

    /// <summary>Length of the sums.</summary>
    public required int Steps { get; init; }

    /// <summary>Vectors of a row of the result.</summary>
    public required int Vectors { get; init; }

    /// <summary>[rows, vectors].</summary>
    public required float* Result { get; init; }

    /// <summary>Stride of a row of the result.</summary>
    public required nint ResultRow { get; init; }

    /// <summary>Whether the sums are added to the result.</summary>
    public bool Accumulate { get; init; }

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        // Four rows of four vectors take 16 sums, which only the 32 registers of AVX-512 hold beside the operands.
        bool isWide = Rows <= 2 || TSimd.Width >= 16;
        for (int first = 0, count; first < Vectors; first += count)
        {
            int left = Vectors - first;
            count = left >= 4 && isWide ? 4 : left >= 2 ? 2 : 1;
            if (count == 4)
                OfRows<TSimd, TVector, Four>(first);
            else if (count == 2)
                OfRows<TSimd, TVector, Two>(first);
            else
                OfRows<TSimd, TVector, One>(first);
        }
    }

    private readonly void OfRows<TSimd, TVector, TColumns>(int first)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
        where TColumns : struct, ICount
    {
        switch (Rows)
        {
            case 1:
                Multiply<TSimd, TVector, One, TColumns>(first);
                break;
            case 2:
                Multiply<TSimd, TVector, Two, TColumns>(first);
                break;
            case 3:
                Multiply<TSimd, TVector, Three, TColumns>(first);
                break;
            default:
                Multiply<TSimd, TVector, Four, TColumns>(first);
                break;
        }
    }

    // Sums are named locals, because the JIT enregisters no array elements; of one row, those of odd steps are in the second row's, or it would wait for
    // the latency of each multiply-add.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly void Multiply<TSimd, TVector, TRows, TColumns>(int first)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
        where TRows : struct, ICount
        where TColumns : struct, ICount
    {
        float* right = Right + first * TSimd.Width, left = Left, result = Result + first * TSimd.Width;
        nint row = LeftRow, step = RightStep;
        TVector a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
        TVector c0 = default, c1 = default, c2 = default, c3 = default, d0 = default, d1 = default, d2 = default, d3 = default;
        nint steps = Steps;
        for (; TRows.Value == 1 && steps >= 2; steps -= 2, left += 2, right += 2 * step)
        {
            Add<TSimd, TVector, TColumns>(left, right, ref a0, ref a1, ref a2, ref a3);
            Add<TSimd, TVector, TColumns>(left + 1, right + step, ref b0, ref b1, ref b2, ref b3);
        }
        for (; steps > 0; steps--, left++, right += step)
        {
            Add<TSimd, TVector, TColumns>(left, right, ref a0, ref a1, ref a2, ref a3);
            if (TRows.Value > 1) Add<TSimd, TVector, TColumns>(left + row, right, ref b0, ref b1, ref b2, ref b3);
            if (TRows.Value > 2) Add<TSimd, TVector, TColumns>(left + 2 * row, right, ref c0, ref c1, ref c2, ref c3);
            if (TRows.Value > 3) Add<TSimd, TVector, TColumns>(left + 3 * row, right, ref d0, ref d1, ref d2, ref d3);
        }
        if (TRows.Value == 1)
            (a0, a1, a2, a3) = (TSimd.Add(a0, b0), TSimd.Add(a1, b1), TSimd.Add(a2, b2), TSimd.Add(a3, b3));
        Store<TSimd, TVector, TColumns>(result, a0, a1, a2, a3);
        if (TRows.Value > 1) Store<TSimd, TVector, TColumns>(result + ResultRow, b0, b1, b2, b3);
        if (TRows.Value > 2) Store<TSimd, TVector, TColumns>(result + 2 * ResultRow, c0, c1, c2, c3);
        if (TRows.Value > 3) Store<TSimd, TVector, TColumns>(result + 3 * ResultRow, d0, d1, d2, d3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TSimd, TVector, TColumns>(float* left, float* right, ref TVector sum0, ref TVector sum1, ref TVector sum2, ref TVector sum3)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
        where TColumns : struct, ICount
    {
        TVector value = TSimd.Create(*left);
        sum0 = TSimd.MultiplyAdd(value, TSimd.Load(right), sum0);
        if (TColumns.Value > 1) sum1 = TSimd.MultiplyAdd(value, TSimd.Load(right + TSimd.Width), sum1);
        if (TColumns.Value > 2) sum2 = TSimd.MultiplyAdd(value, TSimd.Load(right + 2 * TSimd.Width), sum2);
        if (TColumns.Value > 3) sum3 = TSimd.MultiplyAdd(value, TSimd.Load(right + 3 * TSimd.Width), sum3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Store<TSimd, TVector, TColumns>(float* result, TVector sum0, TVector sum1, TVector sum2, TVector sum3)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
        where TColumns : struct, ICount
    {
        Put<TSimd, TVector>(sum0, result);
        if (TColumns.Value > 1) Put<TSimd, TVector>(sum1, result + TSimd.Width);
        if (TColumns.Value > 2) Put<TSimd, TVector>(sum2, result + 2 * TSimd.Width);
        if (TColumns.Value > 3) Put<TSimd, TVector>(sum3, result + 3 * TSimd.Width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Put<TSimd, TVector>(TVector sum, float* place)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged =>
        TSimd.Store(Accumulate ? TSimd.Add(TSimd.Load(place), sum) : sum, place);
}
