using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Kernels.Primitives;

/// <summary>
/// <see cref="Simd128"/> where .NET uses no vectors: four scalar operations on the memory of the vectors. The software fallback of
/// <see cref="Vector128"/> splits each vector into halves and is several times slower.
/// </summary>
internal static unsafe class SoftwareLanes
{
    /// <summary>The same value in all lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Create(float value)
    {
        Vector128<float> vector;
        float* lanes = (float*)&vector;
        lanes[0] = value;
        lanes[1] = value;
        lanes[2] = value;
        lanes[3] = value;
        return vector;
    }

    /// <summary>Four bfloat16 numbers as floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LoadBFloat16(ushort* source)
    {
        Vector128<float> vector;
        uint* bits = (uint*)&vector;
        bits[0] = (uint)source[0] << 16;
        bits[1] = (uint)source[1] << 16;
        bits[2] = (uint)source[2] << 16;
        bits[3] = (uint)source[3] << 16;
        return vector;
    }

    /// <summary>a + b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Add(Vector128<float> a, Vector128<float> b)
    {
        float* sums = (float*)&a, terms = (float*)&b;
        sums[0] += terms[0];
        sums[1] += terms[1];
        sums[2] += terms[2];
        sums[3] += terms[3];
        return a;
    }

    /// <summary>a − b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Subtract(Vector128<float> a, Vector128<float> b)
    {
        float* differences = (float*)&a, terms = (float*)&b;
        differences[0] -= terms[0];
        differences[1] -= terms[1];
        differences[2] -= terms[2];
        differences[3] -= terms[3];
        return a;
    }

    /// <summary>a / b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Divide(Vector128<float> a, Vector128<float> b)
    {
        float* quotients = (float*)&a, divisors = (float*)&b;
        quotients[0] /= divisors[0];
        quotients[1] /= divisors[1];
        quotients[2] /= divisors[2];
        quotients[3] /= divisors[3];
        return a;
    }

    /// <summary>a · b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Multiply(Vector128<float> a, Vector128<float> b)
    {
        float* products = (float*)&a, factors = (float*)&b;
        products[0] *= factors[0];
        products[1] *= factors[1];
        products[2] *= factors[2];
        products[3] *= factors[3];
        return a;
    }

    /// <summary>a · b + c, in two roundings.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c)
    {
        float* left = (float*)&a, right = (float*)&b, sums = (float*)&c;
        sums[0] += left[0] * right[0];
        sums[1] += left[1] * right[1];
        sums[2] += left[2] * right[2];
        sums[3] += left[3] * right[3];
        return c;
    }

    /// <summary>The larger of each lane; <paramref name="b"/> where either is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Max(Vector128<float> a, Vector128<float> b)
    {
        float* left = (float*)&a, maxima = (float*)&b;
        maxima[0] = left[0] > maxima[0] ? left[0] : maxima[0];
        maxima[1] = left[1] > maxima[1] ? left[1] : maxima[1];
        maxima[2] = left[2] > maxima[2] ? left[2] : maxima[2];
        maxima[3] = left[3] > maxima[3] ? left[3] : maxima[3];
        return b;
    }

    /// <summary>To the nearest integer, ties to even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Round(Vector128<float> a)
    {
        float* lanes = (float*)&a;
        lanes[0] = MathF.Round(lanes[0]);
        lanes[1] = MathF.Round(lanes[1]);
        lanes[2] = MathF.Round(lanes[2]);
        lanes[3] = MathF.Round(lanes[3]);
        return a;
    }

    /// <summary>a with integral <paramref name="n"/> added to the exponents.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> AddToExponent(Vector128<float> a, Vector128<float> n)
    {
        int* bits = (int*)&a;
        float* exponents = (float*)&n;
        bits[0] += (int)exponents[0] << 23;
        bits[1] += (int)exponents[1] << 23;
        bits[2] += (int)exponents[2] << 23;
        bits[3] += (int)exponents[3] << 23;
        return a;
    }
}
