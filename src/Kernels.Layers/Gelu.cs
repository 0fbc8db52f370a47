using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Kernels.Primitives;

namespace Kernels.Layers;

/// <summary>
/// x·Φ(x) without a branch: with t = |x| it is max(x, 0) − t·Φ(−t) on both sides of zero. Against float64 the result errs by at most 1.2·10⁻⁷
/// of the larger of 1 and |x|.
/// </summary>
internal static class Gelu
{
    /// <summary>GELU of one number.</summary>
    public static float Of(float x) => Of<Simd128, Vector128<float>>(Vector128.Create(x)).ToScalar();

    /// <summary>GELU of each lane; NaN stays NaN, and an infinite x gives NaN or an infinity.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Of<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        TVector tail = NormalTail.Of<TSimd, TVector>(NormalTail.Bounded<TSimd, TVector>(x));
        // Not the bounded one, so that −∞ is not what 0 is: ½·x·(1 + erf(x/√2)) is ∞ · 0 there.
        TVector t = TSimd.Max(TSimd.Subtract(default, x), x);
        return TSimd.Subtract(TSimd.Max(default, x), TSimd.Multiply(t, tail));
    }
}
