using System.Runtime.CompilerServices;
using Kernels.Simd.Vectors;

namespace Kernels.Flash.Tiles;

/// <summary>8 rows × 1 vector: 8 accumulators. Written out, because .NET keeps vectors in registers only as named locals.</summary>
internal static unsafe class Tile8x1<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Multiply(in TileProduct product)
    {
        float* result = product.Result;
        nint resultRow = product.ResultRow;
        TVector sum00;
        TVector sum10;
        TVector sum20;
        TVector sum30;
        TVector sum40;
        TVector sum50;
        TVector sum60;
        TVector sum70;
        if (product.Accumulate)
        {
            sum00 = TSimd.Load(result);
            sum10 = TSimd.Load(result + resultRow);
            sum20 = TSimd.Load(result + 2 * resultRow);
            sum30 = TSimd.Load(result + 3 * resultRow);
            sum40 = TSimd.Load(result + 4 * resultRow);
            sum50 = TSimd.Load(result + 5 * resultRow);
            sum60 = TSimd.Load(result + 6 * resultRow);
            sum70 = TSimd.Load(result + 7 * resultRow);
        }
        else
        {
            sum00 = TSimd.Create(0);
            sum10 = TSimd.Create(0);
            sum20 = TSimd.Create(0);
            sum30 = TSimd.Create(0);
            sum40 = TSimd.Create(0);
            sum50 = TSimd.Create(0);
            sum60 = TSimd.Create(0);
            sum70 = TSimd.Create(0);
        }

        nint leftRow = product.LeftRow, leftStep = product.LeftStep, rightStep = product.RightStep;
        float* left0 = product.Left;
        float* left1 = left0 + leftRow;
        float* left2 = left1 + leftRow;
        float* left3 = left2 + leftRow;
        float* left4 = left3 + leftRow;
        float* left5 = left4 + leftRow;
        float* left6 = left5 + leftRow;
        float* left7 = left6 + leftRow;
        float* right = product.Right;
        nint end = product.Steps * leftStep;
        for (nint step = 0; step != end; step += leftStep)
        {
            TVector right0 = TSimd.Load(right);
            right += rightStep;
            TVector value0 = TSimd.Create(left0[step]);
            sum00 = TSimd.MultiplyAdd(value0, right0, sum00);
            TVector value1 = TSimd.Create(left1[step]);
            sum10 = TSimd.MultiplyAdd(value1, right0, sum10);
            TVector value2 = TSimd.Create(left2[step]);
            sum20 = TSimd.MultiplyAdd(value2, right0, sum20);
            TVector value3 = TSimd.Create(left3[step]);
            sum30 = TSimd.MultiplyAdd(value3, right0, sum30);
            TVector value4 = TSimd.Create(left4[step]);
            sum40 = TSimd.MultiplyAdd(value4, right0, sum40);
            TVector value5 = TSimd.Create(left5[step]);
            sum50 = TSimd.MultiplyAdd(value5, right0, sum50);
            TVector value6 = TSimd.Create(left6[step]);
            sum60 = TSimd.MultiplyAdd(value6, right0, sum60);
            TVector value7 = TSimd.Create(left7[step]);
            sum70 = TSimd.MultiplyAdd(value7, right0, sum70);
        }

        TSimd.Store(sum00, result);
        TSimd.Store(sum10, result + resultRow);
        TSimd.Store(sum20, result + 2 * resultRow);
        TSimd.Store(sum30, result + 3 * resultRow);
        TSimd.Store(sum40, result + 4 * resultRow);
        TSimd.Store(sum50, result + 5 * resultRow);
        TSimd.Store(sum60, result + 6 * resultRow);
        TSimd.Store(sum70, result + 7 * resultRow);
    }
}
