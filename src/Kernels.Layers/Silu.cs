using System.Runtime.CompilerServices;
using Kernels.Primitives;

namespace Kernels.Layers;

/// <summary>x·sigmoid(x) and its derivative, sigmoid(x)·(1 + x·(1 − sigmoid(x))).</summary>
internal static class Silu
{
    // e⁸⁷ is the last whole power of e in float32.
    private const float Most = 87;

    /// <summary>x/(1 + e⁻ˣ): below −87 the quotient is x/e⁸⁷, nearly zero as it should be.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Of<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged =>
        TSimd.Divide(x, Denominator<TSimd, TVector>(TSimd.Max(TSimd.Create(-Most), x)));

    /// <summary>The derivative of each lane; beyond ±87 that at ±87, which is nearly 1 or 0. NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        TVector one = TSimd.Create(1);
        TVector bounded = TSimd.Max(TSimd.Create(-Most), x);
        bounded = TSimd.Subtract(default, TSimd.Max(TSimd.Create(-Most), TSimd.Subtract(default, bounded)));
        TVector sigmoid = TSimd.Divide(one, Denominator<TSimd, TVector>(bounded));
        return TSimd.Multiply(sigmoid, TSimd.MultiplyAdd(bounded, TSimd.Subtract(one, sigmoid), one));
    }

    // 1 + e⁻ˣ for x ≥ −87.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Denominator<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged =>
        TSimd.Add(TSimd.Create(1), VectorExp.Exp<TSimd, TVector>(TSimd.Subtract(default, x)));
}
