using System.Runtime.CompilerServices;

namespace Kernels.Primitives.Tiles;

/// <summary>
/// Six rows × up to four vectors. Accumulators are named locals, because the JIT enregisters no array elements; the conditions are
/// constants to the JIT, which omits the columns that are not used.
/// </summary>
/// <typeparam name="TSimd">The operations of the vector width.</typeparam>
/// <typeparam name="TVector">The vector type.</typeparam>
/// <typeparam name="TColumns">Vectors in a row of the result.</typeparam>
internal static unsafe class Tile6<TSimd, TVector, TColumns>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
    where TColumns : struct, ICount
{
    /// <summary>Computes the product; see <see cref="TileProduct"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Multiply(in TileProduct product)
    {
        float* left = product.Left;
        float* result = product.Result;
        nint leftRow = product.LeftRow, leftStep = product.LeftStep, rightStep = product.RightStep;
        // Without an address to prefetch, a line that is in cache anyway: a branch in the loop would cost more.
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
                Load(row, ref sum00, ref sum01, ref sum02, ref sum03);
                Load(row += resultRow, ref sum10, ref sum11, ref sum12, ref sum13);
                Load(row += resultRow, ref sum20, ref sum21, ref sum22, ref sum23);
                Load(row += resultRow, ref sum30, ref sum31, ref sum32, ref sum33);
                Load(row += resultRow, ref sum40, ref sum41, ref sum42, ref sum43);
                Load(row += resultRow, ref sum50, ref sum51, ref sum52, ref sum53);
            }

            float* first = left;
            float* fourth = left + 3 * leftRow;
            float* right = product.Right;
            TVector right0 = default, right1 = default, right2 = default, right3 = default;
            // Unrolled twice: the exit of a loop of 64 iterations (d = 64) mispredicts on Zen 4, that of 32 does not.
            for (nint pair = product.Steps / 2; pair > 0; pair--)
            {
                Load(right, ref right0, ref right1, ref right2, ref right3);
                Add(first, right0, right1, right2, right3, ref sum00, ref sum01, ref sum02, ref sum03);
                Add(first + leftRow, right0, right1, right2, right3, ref sum10, ref sum11, ref sum12, ref sum13);
                Add(first + 2 * leftRow, right0, right1, right2, right3, ref sum20, ref sum21, ref sum22, ref sum23);
                Add(fourth, right0, right1, right2, right3, ref sum30, ref sum31, ref sum32, ref sum33);
                Add(fourth + leftRow, right0, right1, right2, right3, ref sum40, ref sum41, ref sum42, ref sum43);
                Add(fourth + 2 * leftRow, right0, right1, right2, right3, ref sum50, ref sum51, ref sum52, ref sum53);
                right += rightStep;
                first += leftStep;
                fourth += leftStep;
                Prefetch.OneLine(ahead);
                ahead += aheadStep;

                Load(right, ref right0, ref right1, ref right2, ref right3);
                Add(first, right0, right1, right2, right3, ref sum00, ref sum01, ref sum02, ref sum03);
                Add(first + leftRow, right0, right1, right2, right3, ref sum10, ref sum11, ref sum12, ref sum13);
                Add(first + 2 * leftRow, right0, right1, right2, right3, ref sum20, ref sum21, ref sum22, ref sum23);
                Add(fourth, right0, right1, right2, right3, ref sum30, ref sum31, ref sum32, ref sum33);
                Add(fourth + leftRow, right0, right1, right2, right3, ref sum40, ref sum41, ref sum42, ref sum43);
                Add(fourth + 2 * leftRow, right0, right1, right2, right3, ref sum50, ref sum51, ref sum52, ref sum53);
                right += rightStep;
                first += leftStep;
                fourth += leftStep;
                Prefetch.OneLine(ahead);
                ahead += aheadStep;
            }
            if (product.Steps % 2 != 0)
            {
                Load(right, ref right0, ref right1, ref right2, ref right3);
                Add(first, right0, right1, right2, right3, ref sum00, ref sum01, ref sum02, ref sum03);
                Add(first + leftRow, right0, right1, right2, right3, ref sum10, ref sum11, ref sum12, ref sum13);
                Add(first + 2 * leftRow, right0, right1, right2, right3, ref sum20, ref sum21, ref sum22, ref sum23);
                Add(fourth, right0, right1, right2, right3, ref sum30, ref sum31, ref sum32, ref sum33);
                Add(fourth + leftRow, right0, right1, right2, right3, ref sum40, ref sum41, ref sum42, ref sum43);
                Add(fourth + 2 * leftRow, right0, right1, right2, right3, ref sum50, ref sum51, ref sum52, ref sum53);
                Prefetch.OneLine(ahead);
                ahead += aheadStep;
            }

            float* target = result;
            Store(target, sum00, sum01, sum02, sum03);
            Store(target += resultRow, sum10, sum11, sum12, sum13);
            Store(target += resultRow, sum20, sum21, sum22, sum23);
            Store(target += resultRow, sum30, sum31, sum32, sum33);
            Store(target += resultRow, sum40, sum41, sum42, sum43);
            Store(target += resultRow, sum50, sum51, sum52, sum53);
            left += product.LeftTile;
            result += product.ResultTile;
        }
    }

    // Left is passed as a pointer, so that the JIT folds load and broadcast into one instruction.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(
        float* left, TVector right0, TVector right1, TVector right2, TVector right3,
        ref TVector sum0, ref TVector sum1, ref TVector sum2, ref TVector sum3)
    {
        TVector value = TSimd.Create(*left);
        sum0 = TSimd.MultiplyAdd(value, right0, sum0);
        if (TColumns.Value > 1) sum1 = TSimd.MultiplyAdd(value, right1, sum1);
        if (TColumns.Value > 2) sum2 = TSimd.MultiplyAdd(value, right2, sum2);
        if (TColumns.Value > 3) sum3 = TSimd.MultiplyAdd(value, right3, sum3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load(float* row, ref TVector sum0, ref TVector sum1, ref TVector sum2, ref TVector sum3)
    {
        sum0 = TSimd.Load(row);
        if (TColumns.Value > 1) sum1 = TSimd.Load(row + TSimd.Width);
        if (TColumns.Value > 2) sum2 = TSimd.Load(row + 2 * TSimd.Width);
        if (TColumns.Value > 3) sum3 = TSimd.Load(row + 3 * TSimd.Width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* row, TVector sum0, TVector sum1, TVector sum2, TVector sum3)
    {
        TSimd.Store(sum0, row);
        if (TColumns.Value > 1) TSimd.Store(sum1, row + TSimd.Width);
        if (TColumns.Value > 2) TSimd.Store(sum2, row + 2 * TSimd.Width);
        if (TColumns.Value > 3) TSimd.Store(sum3, row + 3 * TSimd.Width);
    }
}
