using System.Runtime.CompilerServices;

namespace Kernels.Primitives;

/// <summary>
/// Arithmetic on contiguous rows of any length, <see cref="InstructionSets.IRowKernels"/>: whole vectors first, then the remaining
/// numbers.
/// </summary>
internal static unsafe class RowArithmetic<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scale(float* source, float factor, float* destination, int count)
    {
        TVector factors = TSimd.Create(factor);
        int i = 0;
        for (; i <= count - TSimd.Width; i += TSimd.Width)
            TSimd.Store(TSimd.Multiply(TSimd.Load(source + i), factors), destination + i);
        for (; i < count; i++)
            destination[i] = source[i] * factor;
    }

    public static bool DivideRows(
        float* source, nint sourceStride, float* divisors, float* destination, nint destinationStride, int rows, int count)
    {
        // As in AllFinite, without reading the numbers again.
        TVector a = default, b = default, c = default, d = default;
        float sum = 0;
        for (int row = 0; row < rows; row++, source += sourceStride, destination += destinationStride)
        {
            float factor = 1 / divisors[row];
            TVector factors = TSimd.Create(factor);
            int i = 0;
            for (; i <= count - 4 * TSimd.Width; i += 4 * TSimd.Width)
            {
                a = Scale(source + i, factors, destination + i, a);
                b = Scale(source + i + TSimd.Width, factors, destination + i + TSimd.Width, b);
                c = Scale(source + i + 2 * TSimd.Width, factors, destination + i + 2 * TSimd.Width, c);
                d = Scale(source + i + 3 * TSimd.Width, factors, destination + i + 3 * TSimd.Width, d);
            }
            for (; i <= count - TSimd.Width; i += TSimd.Width)
                a = Scale(source + i, factors, destination + i, a);
            for (; i < count; i++)
            {
                destination[i] = source[i] * factor;
                sum += destination[i] * 0;
            }
        }
        return TSimd.SumAcross(TSimd.Add(TSimd.Add(a, b), TSimd.Add(c, d))) + sum == 0;
    }

    public static void AddScaled(float* source, float factor, float* destination, int count)
    {
        TVector factors = TSimd.Create(factor);
        int i = 0;
        for (; i <= count - TSimd.Width; i += TSimd.Width)
            TSimd.Store(TSimd.MultiplyAdd(TSimd.Load(source + i), factors, TSimd.Load(destination + i)), destination + i);
        for (; i < count; i++)
            destination[i] += source[i] * factor;
    }

    public static void Mix(float* source, float share, float* destination, float destinationShare, int count)
    {
        if (destinationShare == 0)
        {
            Scale(source, share, destination, count);
            return;
        }
        TVector shares = TSimd.Create(share), destinationShares = TSimd.Create(destinationShare);
        int i = 0;
        for (; i <= count - TSimd.Width; i += TSimd.Width)
        {
            TVector kept = TSimd.Multiply(TSimd.Load(destination + i), destinationShares);
            TSimd.Store(TSimd.MultiplyAdd(TSimd.Load(source + i), shares, kept), destination + i);
        }
        for (; i < count; i++)
            destination[i] = destination[i] * destinationShare + source[i] * share;
    }

    public static void Add(float* a, float* b, float* sum, int count)
    {
        int i = 0;
        for (; i <= count - TSimd.Width; i += TSimd.Width)
            TSimd.Store(TSimd.Add(TSimd.Load(a + i), TSimd.Load(b + i)), sum + i);
        for (; i < count; i++)
            sum[i] = a[i] + b[i];
    }

    public static void Subtract(float* a, float* b, float* difference, int count)
    {
        int i = 0;
        for (; i <= count - TSimd.Width; i += TSimd.Width)
            TSimd.Store(TSimd.Subtract(TSimd.Load(a + i), TSimd.Load(b + i)), difference + i);
        for (; i < count; i++)
            difference[i] = a[i] - b[i];
    }

    public static void Multiply(float* a, float* b, float* product, int count)
    {
        int i = 0;
        for (; i <= count - TSimd.Width; i += TSimd.Width)
            TSimd.Store(TSimd.Multiply(TSimd.Load(a + i), TSimd.Load(b + i)), product + i);
        for (; i < count; i++)
            product[i] = a[i] * b[i];
    }

    public static void Widen(ushort* source, float* destination, int count)
    {
        int i = 0;
        for (; i <= count - TSimd.Width; i += TSimd.Width)
            TSimd.Store(TSimd.LoadBFloat16(source + i), destination + i);
        for (; i < count; i++)
            destination[i] = BitConverter.UInt32BitsToSingle((uint)source[i] << 16);
    }

    public static bool AllFinite(float* values, int count)
    {
        // x · 0 is 0, or NaN where x is not finite. Four sums, because one would wait for the latency of each addition.
        TVector zero = TSimd.Create(0), a = zero, b = zero, c = zero, d = zero;
        int i = 0;
        for (; i <= count - 4 * TSimd.Width; i += 4 * TSimd.Width)
        {
            a = TSimd.MultiplyAdd(TSimd.Load(values + i), zero, a);
            b = TSimd.MultiplyAdd(TSimd.Load(values + i + TSimd.Width), zero, b);
            c = TSimd.MultiplyAdd(TSimd.Load(values + i + 2 * TSimd.Width), zero, c);
            d = TSimd.MultiplyAdd(TSimd.Load(values + i + 3 * TSimd.Width), zero, d);
        }
        for (; i <= count - TSimd.Width; i += TSimd.Width)
            a = TSimd.MultiplyAdd(TSimd.Load(values + i), zero, a);
        float sum = TSimd.SumAcross(TSimd.Add(TSimd.Add(a, b), TSimd.Add(c, d)));
        for (; i < count; i++)
            sum += values[i] * 0;
        return sum == 0;
    }

    public static float Exp2(float x)
    {
        float* lanes = stackalloc float[CacheLine.Floats];
        TSimd.Store(VectorExp.Exp2<TSimd, TVector>(TSimd.Create(x)), lanes);
        return lanes[0];
    }

    // Adds to a sum that stays 0 while the products are finite.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Scale(float* source, TVector factors, float* destination, TVector sum)
    {
        TVector product = TSimd.Multiply(TSimd.Load(source), factors);
        TSimd.Store(product, destination);
        return TSimd.MultiplyAdd(product, default, sum);
    }
}
