using System.Runtime.CompilerServices;

namespace Kernels.Simd.Vectors;

/// <summary>
/// The exponential that the vector kernels share: x = n + f with n integral and |f| ≤ ½, a polynomial of degree 5 for 2ᶠ, and n added to
/// the exponent. Cephes' scheme (Moshier 1989) in base 2. <c>doctor --exp</c> measures its error over the whole domain.
/// </summary>
public static class VectorExp
{
    /// <summary>log₂ e: a kernel folds it into the scale of its scores, and so pays nothing for base 2.</summary>
    public const float Log2E = 1.44269504f;

    /// <summary>
    /// 2ˣ for x ≤ 127, relative error below 2·10⁻⁷ where the result is a normal number (x ≥ −126); between −127 and −126 the result
    /// is some number below 2⁻¹²⁶, and zero below −127. NaN gives NaN; x above 127 is outside the domain.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Exp2<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        // x stands second so that a NaN in it stays: Max returns its second operand then.
        x = TSimd.Max(TSimd.Create(TSimd.SmallestExponent), x);
        TVector n = TSimd.Round(x);
        TVector f = TSimd.Subtract(x, n);
        // Minimax in relative error on [−½, ½], found with Remez' exchange under the condition that 2⁰ is exactly 1: with less, the
        // integer addition to the exponent would turn n = −127 into a NaN.
        TVector p = TSimd.Create(1.32647273e-3f);
        p = TSimd.MultiplyAdd(p, f, TSimd.Create(9.67151299e-3f));
        p = TSimd.MultiplyAdd(p, f, TSimd.Create(5.55073358e-2f));
        p = TSimd.MultiplyAdd(p, f, TSimd.Create(0.240222424f));
        p = TSimd.MultiplyAdd(p, f, TSimd.Create(0.693147004f));
        p = TSimd.MultiplyAdd(p, f, TSimd.Create(1f));
        return TSimd.ScaleByPowerOfTwo(p, n);
    }

    /// <summary>eˣ, by <see cref="Exp2"/>; the rounding of x·log₂e adds a relative error of up to |x|·6·10⁻⁸.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Exp<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged =>
        Exp2<TSimd, TVector>(TSimd.Multiply(x, TSimd.Create(Log2E)));
}
