using System.Runtime.CompilerServices;
using Kernels.Simd.Vectors;

namespace Kernels.Flash.Tiles;

/// <summary>
/// Six rows × up to four vectors, one accumulator each. Written out, because .NET keeps vectors in registers only as named locals; the
/// conditions are constants to the JIT, which leaves out the columns that are not there.
/// </summary>
internal static unsafe class Tile6<TSimd, TVector, TColumns>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
    where TColumns : struct, IColumns
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Multiply(in TileProduct product)
    {
        float* left = product.Left;
        float* result = product.Result;
        nint leftStep = product.LeftStep, rightStep = product.RightStep;
        nint end = product.Steps * leftStep;
        // Nothing to fetch: a line that is near anyway, because a branch in the loop would cost more.
        float* ahead = product.Ahead == null ? left : product.Ahead;
        nint aheadStep = product.Ahead == null ? 0 : product.AheadStep;
        for (nint tile = product.Tiles; tile > 0; tile--)
        {
            nint resultRow = product.ResultRow;
            TVector sum00 = TSimd.Create(0), sum01 = TSimd.Create(0), sum02 = TSimd.Create(0), sum03 = TSimd.Create(0);
            TVector sum10 = TSimd.Create(0), sum11 = TSimd.Create(0), sum12 = TSimd.Create(0), sum13 = TSimd.Create(0);
            TVector sum20 = TSimd.Create(0), sum21 = TSimd.Create(0), sum22 = TSimd.Create(0), sum23 = TSimd.Create(0);
            TVector sum30 = TSimd.Create(0), sum31 = TSimd.Create(0), sum32 = TSimd.Create(0), sum33 = TSimd.Create(0);
            TVector sum40 = TSimd.Create(0), sum41 = TSimd.Create(0), sum42 = TSimd.Create(0), sum43 = TSimd.Create(0);
            TVector sum50 = TSimd.Create(0), sum51 = TSimd.Create(0), sum52 = TSimd.Create(0), sum53 = TSimd.Create(0);
            if (product.Accumulate)
            {
                float* row = result;
                sum00 = TSimd.Load(row);
                if (TColumns.Count > 1) sum01 = TSimd.Load(row + TSimd.Width);
                if (TColumns.Count > 2) sum02 = TSimd.Load(row + 2 * TSimd.Width);
                if (TColumns.Count > 3) sum03 = TSimd.Load(row + 3 * TSimd.Width);
                row += resultRow;
                sum10 = TSimd.Load(row);
                if (TColumns.Count > 1) sum11 = TSimd.Load(row + TSimd.Width);
                if (TColumns.Count > 2) sum12 = TSimd.Load(row + 2 * TSimd.Width);
                if (TColumns.Count > 3) sum13 = TSimd.Load(row + 3 * TSimd.Width);
                row += resultRow;
                sum20 = TSimd.Load(row);
                if (TColumns.Count > 1) sum21 = TSimd.Load(row + TSimd.Width);
                if (TColumns.Count > 2) sum22 = TSimd.Load(row + 2 * TSimd.Width);
                if (TColumns.Count > 3) sum23 = TSimd.Load(row + 3 * TSimd.Width);
                row += resultRow;
                sum30 = TSimd.Load(row);
                if (TColumns.Count > 1) sum31 = TSimd.Load(row + TSimd.Width);
                if (TColumns.Count > 2) sum32 = TSimd.Load(row + 2 * TSimd.Width);
                if (TColumns.Count > 3) sum33 = TSimd.Load(row + 3 * TSimd.Width);
                row += resultRow;
                sum40 = TSimd.Load(row);
                if (TColumns.Count > 1) sum41 = TSimd.Load(row + TSimd.Width);
                if (TColumns.Count > 2) sum42 = TSimd.Load(row + 2 * TSimd.Width);
                if (TColumns.Count > 3) sum43 = TSimd.Load(row + 3 * TSimd.Width);
                row += resultRow;
                sum50 = TSimd.Load(row);
                if (TColumns.Count > 1) sum51 = TSimd.Load(row + TSimd.Width);
                if (TColumns.Count > 2) sum52 = TSimd.Load(row + 2 * TSimd.Width);
                if (TColumns.Count > 3) sum53 = TSimd.Load(row + 3 * TSimd.Width);
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
                TVector right1 = TColumns.Count > 1 ? TSimd.Load(right + TSimd.Width) : right0;
                TVector right2 = TColumns.Count > 2 ? TSimd.Load(right + 2 * TSimd.Width) : right0;
                TVector right3 = TColumns.Count > 3 ? TSimd.Load(right + 3 * TSimd.Width) : right0;
                right += rightStep;
                Prefetch.OneLine(ahead);
                ahead += aheadStep;
                TVector value0 = TSimd.Create(left0[step]);
                sum00 = TSimd.MultiplyAdd(value0, right0, sum00);
                if (TColumns.Count > 1) sum01 = TSimd.MultiplyAdd(value0, right1, sum01);
                if (TColumns.Count > 2) sum02 = TSimd.MultiplyAdd(value0, right2, sum02);
                if (TColumns.Count > 3) sum03 = TSimd.MultiplyAdd(value0, right3, sum03);
                TVector value1 = TSimd.Create(left1[step]);
                sum10 = TSimd.MultiplyAdd(value1, right0, sum10);
                if (TColumns.Count > 1) sum11 = TSimd.MultiplyAdd(value1, right1, sum11);
                if (TColumns.Count > 2) sum12 = TSimd.MultiplyAdd(value1, right2, sum12);
                if (TColumns.Count > 3) sum13 = TSimd.MultiplyAdd(value1, right3, sum13);
                TVector value2 = TSimd.Create(left2[step]);
                sum20 = TSimd.MultiplyAdd(value2, right0, sum20);
                if (TColumns.Count > 1) sum21 = TSimd.MultiplyAdd(value2, right1, sum21);
                if (TColumns.Count > 2) sum22 = TSimd.MultiplyAdd(value2, right2, sum22);
                if (TColumns.Count > 3) sum23 = TSimd.MultiplyAdd(value2, right3, sum23);
                TVector value3 = TSimd.Create(left3[step]);
                sum30 = TSimd.MultiplyAdd(value3, right0, sum30);
                if (TColumns.Count > 1) sum31 = TSimd.MultiplyAdd(value3, right1, sum31);
                if (TColumns.Count > 2) sum32 = TSimd.MultiplyAdd(value3, right2, sum32);
                if (TColumns.Count > 3) sum33 = TSimd.MultiplyAdd(value3, right3, sum33);
                TVector value4 = TSimd.Create(left4[step]);
                sum40 = TSimd.MultiplyAdd(value4, right0, sum40);
                if (TColumns.Count > 1) sum41 = TSimd.MultiplyAdd(value4, right1, sum41);
                if (TColumns.Count > 2) sum42 = TSimd.MultiplyAdd(value4, right2, sum42);
                if (TColumns.Count > 3) sum43 = TSimd.MultiplyAdd(value4, right3, sum43);
                TVector value5 = TSimd.Create(left5[step]);
                sum50 = TSimd.MultiplyAdd(value5, right0, sum50);
                if (TColumns.Count > 1) sum51 = TSimd.MultiplyAdd(value5, right1, sum51);
                if (TColumns.Count > 2) sum52 = TSimd.MultiplyAdd(value5, right2, sum52);
                if (TColumns.Count > 3) sum53 = TSimd.MultiplyAdd(value5, right3, sum53);
            }

            float* target = result;
            TSimd.Store(sum00, target);
            if (TColumns.Count > 1) TSimd.Store(sum01, target + TSimd.Width);
            if (TColumns.Count > 2) TSimd.Store(sum02, target + 2 * TSimd.Width);
            if (TColumns.Count > 3) TSimd.Store(sum03, target + 3 * TSimd.Width);
            target += resultRow;
            TSimd.Store(sum10, target);
            if (TColumns.Count > 1) TSimd.Store(sum11, target + TSimd.Width);
            if (TColumns.Count > 2) TSimd.Store(sum12, target + 2 * TSimd.Width);
            if (TColumns.Count > 3) TSimd.Store(sum13, target + 3 * TSimd.Width);
            target += resultRow;
            TSimd.Store(sum20, target);
            if (TColumns.Count > 1) TSimd.Store(sum21, target + TSimd.Width);
            if (TColumns.Count > 2) TSimd.Store(sum22, target + 2 * TSimd.Width);
            if (TColumns.Count > 3) TSimd.Store(sum23, target + 3 * TSimd.Width);
            target += resultRow;
            TSimd.Store(sum30, target);
            if (TColumns.Count > 1) TSimd.Store(sum31, target + TSimd.Width);
            if (TColumns.Count > 2) TSimd.Store(sum32, target + 2 * TSimd.Width);
            if (TColumns.Count > 3) TSimd.Store(sum33, target + 3 * TSimd.Width);
            target += resultRow;
            TSimd.Store(sum40, target);
            if (TColumns.Count > 1) TSimd.Store(sum41, target + TSimd.Width);
            if (TColumns.Count > 2) TSimd.Store(sum42, target + 2 * TSimd.Width);
            if (TColumns.Count > 3) TSimd.Store(sum43, target + 3 * TSimd.Width);
            target += resultRow;
            TSimd.Store(sum50, target);
            if (TColumns.Count > 1) TSimd.Store(sum51, target + TSimd.Width);
            if (TColumns.Count > 2) TSimd.Store(sum52, target + 2 * TSimd.Width);
            if (TColumns.Count > 3) TSimd.Store(sum53, target + 3 * TSimd.Width);
            left += product.LeftTile;
            result += product.ResultTile;
        }
    }
}
