using System.Runtime.CompilerServices;

namespace Kernels.Primitives;

/// <summary>
/// The exponential that the vector kernels share: x = n + f with n integral and |f| ≤ ½, a polynomial of degree 5 for 2ᶠ, and n added to
/// the exponent. Cephes' scheme (Moshier 1989) in base 2. <c>doctor --exp</c> measures its error over the whole domain.
/// </summary>
public static class VectorExp
{
    /// <summary>log₂ e, which a kernel folds into the scale of its scores.</summary>
    public const float Log2E = 1.44269504f;

    // log₂ e − Log2E.
    private const float Log2ERest = 1.925963e-8f;

    private const float Ln2 = 0.6931472f;

    /// <summary>
    /// 2ˣ for x ≤ 127. Over every float x ≥ −126, with fused multiply-add: at most 1.80 units in the last place and a relative error of
    /// 1.6·10⁻⁷ (2.3 and 1.9·10⁻⁷ without it). Below, it is smaller than 2⁻¹²⁶ and at −∞ exactly zero. 2⁰ is exactly 1. NaN gives NaN; x
    /// above 127 is outside the domain.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Exp2<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        // x comes second so that NaN propagates: Max returns its second operand for NaN.
        x = TSimd.Max(TSimd.Create(TSimd.SmallestExponent), x);
        TVector n = TSimd.Round(x);
        return TSimd.ScaleByPowerOfTwo(Fraction<TSimd, TVector>(TSimd.Subtract(x, n)), n);
    }

    /// <summary>
    /// eˣ for x ≤ 88. Over every float x ≥ −87.3, with fused multiply-add: at most 2.29 units in the last place and a relative error of
    /// 2.2·10⁻⁷, because the rounding error of the product x·log₂ e is corrected afterwards; without it, |x|·6·10⁻⁸ more. −∞ gives exactly
    /// zero, e⁰ is exactly 1, NaN gives NaN.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Exp<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        // Finite, so that the correction at −∞ is zero and not NaN.
        x = TSimd.Max(TSimd.Create(2 * TSimd.SmallestExponent), x);
        TVector log2E = TSimd.Create(Log2E);
        TVector rounded = TSimd.Multiply(x, log2E);
        TVector lost = TSimd.MultiplyAdd(x, log2E, TSimd.Subtract(default, rounded));
        lost = TSimd.MultiplyAdd(x, TSimd.Create(Log2ERest), lost);
        TVector power = Exp2<TSimd, TVector>(rounded);
        // 2^lost = 1 + lost·ln 2, to first order; lost is below 10⁻⁵.
        return TSimd.MultiplyAdd(power, TSimd.Multiply(lost, TSimd.Create(Ln2)), power);
    }

    /// <summary>2ᶠ for |f| ≤ ½.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Fraction<TSimd, TVector>(TVector f)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        // Minimax in units in the last place, found by local search over float32 coefficients evaluated in float32, under the condition
        // that 2⁰ is exactly 1: with less, the integer addition to the exponent would turn n = −127 into a NaN.
        TVector p = TSimd.Create(1.32373639e-3f);
        p = TSimd.MultiplyAdd(p, f, TSimd.Create(9.67177656e-3f));
        p = TSimd.MultiplyAdd(p, f, TSimd.Create(5.55084236e-2f));
        p = TSimd.MultiplyAdd(p, f, TSimd.Create(0.240222380f));
        p = TSimd.MultiplyAdd(p, f, TSimd.Create(0.693146884f));
        return TSimd.MultiplyAdd(p, f, TSimd.Create(1f));
    }
}
