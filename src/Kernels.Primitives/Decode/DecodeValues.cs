using System.Runtime.CompilerServices;
using Kernels.Primitives.Tiles;

namespace Kernels.Primitives.Decode;

/// <summary>
/// Adds the weighted values of a block to the outputs of 1, 2 or 4 rows, 1 or 4 vectors of channels; the sums stay in registers for all
/// keys of the block. The conditions are constants to the JIT.
/// </summary>
internal static unsafe class DecodeValues<TSimd, TVector, TElement>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
    where TElement : unmanaged, IStored<TElement>
{
    /// <summary>output = output · rescale + weights · values.</summary>
    public static void Add(int rows, int vectors, in ValueBlock<TElement> block)
    {
        if (vectors == 4)
            Add<Four>(rows, block);
        else
            Add<One>(rows, block);
    }

    private static void Add<TVectors>(int rows, in ValueBlock<TElement> block)
        where TVectors : struct, ICount
    {
        switch (rows)
        {
            case 4:
                Add<Four, TVectors>(block);
                break;
            case 2:
                Add<Two, TVectors>(block);
                break;
            default:
                Add<One, TVectors>(block);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Add<TRows, TVectors>(in ValueBlock<TElement> block)
        where TRows : struct, ICount
        where TVectors : struct, ICount
    {
        nint stride = block.Stride, nextStride = block.NextStride, last = block.LastVector, outputStride = block.OutputStride;
        TElement* v = block.Values, next = block.Next;
        float* weights = block.Weights, output = block.Output, rescale = block.Rescale;
        int keys = block.Count;
        TVector s00 = default, s01 = default, s02 = default, s03 = default, s10 = default, s11 = default, s12 = default, s13 = default;
        TVector s20 = default, s21 = default, s22 = default, s23 = default, s30 = default, s31 = default, s32 = default, s33 = default;
        LoadScaled<TVectors>(output, rescale[0], ref s00, ref s01, ref s02, ref s03);
        if (TRows.Value > 1) LoadScaled<TVectors>(output + outputStride, rescale[1], ref s10, ref s11, ref s12, ref s13);
        if (TRows.Value > 2)
        {
            LoadScaled<TVectors>(output + 2 * outputStride, rescale[2], ref s20, ref s21, ref s22, ref s23);
            LoadScaled<TVectors>(output + 3 * outputStride, rescale[3], ref s30, ref s31, ref s32, ref s33);
        }
        for (int key = 0; key < keys; key++)
        {
            // With one row each value is used once, as a memory operand when it is float32.
            if (TRows.Value == 1)
            {
                TVector weight = TSimd.Create(weights[key]);
                s00 = TSimd.MultiplyAdd(Load(v), weight, s00);
                if (TVectors.Value > 1)
                {
                    s01 = TSimd.MultiplyAdd(Load(v + TSimd.Width), weight, s01);
                    s02 = TSimd.MultiplyAdd(Load(v + 2 * TSimd.Width), weight, s02);
                    s03 = TSimd.MultiplyAdd(Load(v + last), weight, s03);
                }
            }
            else
            {
                TVector a = Load(v), b = default, c = default, d = default;
                if (TVectors.Value > 1)
                    (b, c, d) = (Load(v + TSimd.Width), Load(v + 2 * TSimd.Width), Load(v + last));
                Add<TVectors>(weights + key, a, b, c, d, ref s00, ref s01, ref s02, ref s03);
                Add<TVectors>(weights + DecodeLayout.ScoreStride + key, a, b, c, d, ref s10, ref s11, ref s12, ref s13);
                if (TRows.Value > 2)
                {
                    Add<TVectors>(weights + 2 * DecodeLayout.ScoreStride + key, a, b, c, d, ref s20, ref s21, ref s22, ref s23);
                    Add<TVectors>(weights + 3 * DecodeLayout.ScoreStride + key, a, b, c, d, ref s30, ref s31, ref s32, ref s33);
                }
            }
            if (TVectors.Value > 1)
                Prefetch.FourVectors<TSimd, TVector, TElement>(next);
            else
                Prefetch.IntoFirstLevel(next);
            v += stride;
            next += nextStride;
        }
        Store<TVectors>(output, s00, s01, s02, s03);
        if (TRows.Value > 1) Store<TVectors>(output + outputStride, s10, s11, s12, s13);
        if (TRows.Value > 2)
        {
            Store<TVectors>(output + 2 * outputStride, s20, s21, s22, s23);
            Store<TVectors>(output + 3 * outputStride, s30, s31, s32, s33);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Load(TElement* source) => TElement.Load<TSimd, TVector>(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LoadScaled<TVectors>(
        float* row, float rescale, ref TVector sum0, ref TVector sum1, ref TVector sum2, ref TVector sum3)
        where TVectors : struct, ICount
    {
        TVector factor = TSimd.Create(rescale);
        sum0 = TSimd.Multiply(TSimd.Load(row), factor);
        if (TVectors.Value == 1)
            return;
        sum1 = TSimd.Multiply(TSimd.Load(row + TSimd.Width), factor);
        sum2 = TSimd.Multiply(TSimd.Load(row + 2 * TSimd.Width), factor);
        sum3 = TSimd.Multiply(TSimd.Load(row + 3 * TSimd.Width), factor);
    }

    // The weight is passed as a pointer, so that the JIT folds load and broadcast into one instruction.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TVectors>(
        float* number, TVector a, TVector b, TVector c, TVector d, ref TVector sum0, ref TVector sum1, ref TVector sum2, ref TVector sum3)
        where TVectors : struct, ICount
    {
        TVector weight = TSimd.Create(*number);
        sum0 = TSimd.MultiplyAdd(a, weight, sum0);
        if (TVectors.Value == 1)
            return;
        sum1 = TSimd.MultiplyAdd(b, weight, sum1);
        sum2 = TSimd.MultiplyAdd(c, weight, sum2);
        sum3 = TSimd.MultiplyAdd(d, weight, sum3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TVectors>(float* row, TVector sum0, TVector sum1, TVector sum2, TVector sum3)
        where TVectors : struct, ICount
    {
        TSimd.Store(sum0, row);
        if (TVectors.Value == 1)
            return;
        TSimd.Store(sum1, row + TSimd.Width);
        TSimd.Store(sum2, row + 2 * TSimd.Width);
        TSimd.Store(sum3, row + 3 * TSimd.Width);
    }
}
