using System.Runtime.CompilerServices;
using Kernels.Primitives;

namespace Kernels.Layers;

/// <summary>The functions of recurrent cells, without a branch.</summary>
internal static class StateFunctions
{
    // ln 2 in two parts: n times the first is exact for the n that occur (Cody and Waite 1980).
    private const float Ln2High = 0.693359375f, Ln2Low = -2.12194440e-4f;

    // tanh of more is 1 in float32.
    private const float End = 10;

    /// <summary>
    /// tanh x = m/(m + 2) with m = e²ˣ − 1, whose relative error is small near zero too: 2x = n·ln 2 + r, and m = 2ⁿ·(eʳ − 1) + (2ⁿ − 1) with Cephes'
    /// polynomial for eʳ − 1 (Moshier 1989). At most 2.5 units in the last place; ±∞ give ±1, NaN gives NaN.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Tanh<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        // x comes second so that NaN stays: Max returns its second operand for NaN.
        TVector least = TSimd.Create(-End);
        TVector bounded = TSimd.Max(least, TSimd.Subtract(default, TSimd.Max(least, TSimd.Subtract(default, x))));
        TVector y = TSimd.Add(bounded, bounded), n = TSimd.Round(TSimd.Multiply(y, TSimd.Create(VectorExp.Log2E)));
        TVector r = TSimd.MultiplyAdd(n, TSimd.Create(-Ln2Low), TSimd.MultiplyAdd(n, TSimd.Create(-Ln2High), y));
        TVector p = TSimd.Create(1.9875691500e-4f);
        p = TSimd.MultiplyAdd(p, r, TSimd.Create(1.3981999507e-3f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Create(8.3334519073e-3f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Create(4.1665795894e-2f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Create(1.6666665459e-1f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Create(5.0000001201e-1f));
        TVector small = TSimd.MultiplyAdd(TSimd.Multiply(r, r), p, r);
        TVector power = TSimd.ScaleByPowerOfTwo(TSimd.Create(1), n);
        TVector m = TSimd.MultiplyAdd(power, small, TSimd.Subtract(power, TSimd.Create(1)));
        return TSimd.Divide(m, TSimd.Add(m, TSimd.Create(2)));
    }

    /// <summary>1/(1 + e⁻ˣ); below −87 it is 1/e⁸⁷, nearly zero as it should be. NaN gives NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Sigmoid<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        const float Most = 87;
        TVector negative = TSimd.Subtract(default, TSimd.Max(TSimd.Create(-Most), x));
        return TSimd.Divide(TSimd.Create(1), TSimd.Add(TSimd.Create(1), VectorExp.Exp<TSimd, TVector>(negative)));
    }
}
