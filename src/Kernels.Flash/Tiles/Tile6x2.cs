using System.Runtime.CompilerServices;
using Kernels.Simd.Vectors;

namespace Kernels.Flash.Tiles;

/// <summary>6 rows × 2 vectors: 12 accumulators. Written out, because .NET keeps vectors in registers only as named locals.</summary>
internal static unsafe class Tile6x2<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Multiply(in TileProduct product)
    {
        float* left = product.Left;
        float* result = product.Result;
        nint leftStep = product.LeftStep, rightStep = product.RightStep;
        nint end = product.Steps * leftStep;
        for (nint tile = product.Tiles; tile > 0; tile--)
        {
            nint resultRow = product.ResultRow;
            TVector sum00, sum01;
            TVector sum10, sum11;
            TVector sum20, sum21;
            TVector sum30, sum31;
            TVector sum40, sum41;
            TVector sum50, sum51;
            if (product.Accumulate)
            {
                sum00 = TSimd.Load(result);
                sum01 = TSimd.Load(result + TSimd.Width);
                sum10 = TSimd.Load(result + resultRow);
                sum11 = TSimd.Load(result + resultRow + TSimd.Width);
                sum20 = TSimd.Load(result + 2 * resultRow);
                sum21 = TSimd.Load(result + 2 * resultRow + TSimd.Width);
                sum30 = TSimd.Load(result + 3 * resultRow);
                sum31 = TSimd.Load(result + 3 * resultRow + TSimd.Width);
                sum40 = TSimd.Load(result + 4 * resultRow);
                sum41 = TSimd.Load(result + 4 * resultRow + TSimd.Width);
                sum50 = TSimd.Load(result + 5 * resultRow);
                sum51 = TSimd.Load(result + 5 * resultRow + TSimd.Width);
            }
            else
            {
                sum00 = sum01 = TSimd.Create(0);
                sum10 = sum11 = TSimd.Create(0);
                sum20 = sum21 = TSimd.Create(0);
                sum30 = sum31 = TSimd.Create(0);
                sum40 = sum41 = TSimd.Create(0);
                sum50 = sum51 = TSimd.Create(0);
            }

            float* left0 = left;
            float* left1 = left0 + product.LeftRow;
            float* left2 = left1 + product.LeftRow;
            float* left3 = left2 + product.LeftRow;
            float* left4 = left3 + product.LeftRow;
            float* left5 = left4 + product.LeftRow;
            float* right = product.Right;
            for (nint step = 0; step != end; step += leftStep)
            {
                TVector right0 = TSimd.Load(right);
                TVector right1 = TSimd.Load(right + TSimd.Width);
                right += rightStep;
                TVector value0 = TSimd.Create(left0[step]);
                sum00 = TSimd.MultiplyAdd(value0, right0, sum00);
                sum01 = TSimd.MultiplyAdd(value0, right1, sum01);
                TVector value1 = TSimd.Create(left1[step]);
                sum10 = TSimd.MultiplyAdd(value1, right0, sum10);
                sum11 = TSimd.MultiplyAdd(value1, right1, sum11);
                TVector value2 = TSimd.Create(left2[step]);
                sum20 = TSimd.MultiplyAdd(value2, right0, sum20);
                sum21 = TSimd.MultiplyAdd(value2, right1, sum21);
                TVector value3 = TSimd.Create(left3[step]);
                sum30 = TSimd.MultiplyAdd(value3, right0, sum30);
                sum31 = TSimd.MultiplyAdd(value3, right1, sum31);
                TVector value4 = TSimd.Create(left4[step]);
                sum40 = TSimd.MultiplyAdd(value4, right0, sum40);
                sum41 = TSimd.MultiplyAdd(value4, right1, sum41);
                TVector value5 = TSimd.Create(left5[step]);
                sum50 = TSimd.MultiplyAdd(value5, right0, sum50);
                sum51 = TSimd.MultiplyAdd(value5, right1, sum51);
            }

            TSimd.Store(sum00, result);
            TSimd.Store(sum01, result + TSimd.Width);
            TSimd.Store(sum10, result + resultRow);
            TSimd.Store(sum11, result + resultRow + TSimd.Width);
            TSimd.Store(sum20, result + 2 * resultRow);
            TSimd.Store(sum21, result + 2 * resultRow + TSimd.Width);
            TSimd.Store(sum30, result + 3 * resultRow);
            TSimd.Store(sum31, result + 3 * resultRow + TSimd.Width);
            TSimd.Store(sum40, result + 4 * resultRow);
            TSimd.Store(sum41, result + 4 * resultRow + TSimd.Width);
            TSimd.Store(sum50, result + 5 * resultRow);
            TSimd.Store(sum51, result + 5 * resultRow + TSimd.Width);
            left += product.LeftTile;
            result += product.ResultTile;
        }
    }
}
