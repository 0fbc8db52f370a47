using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Kernels.Primitives;

namespace Kernels.Layers.Backward;

/// <summary>
/// The derivative of x·Φ(x), Φ(x) + x·φ(x), without a branch: with t = |x| it is w = Φ(−t) − t·φ(t) where x is negative, and 1 − w where it is not.
/// </summary>
internal static class GeluDerivative
{
    // −½·log₂ e, and 1/√(2π).
    private const float HalfLog2E = -0.72134752f, Density = 0.39894228f;

    /// <summary>The derivative at one number.</summary>
    public static float Of(float x) => Of<Simd128, Vector128<float>>(Vector128.Create(x)).ToScalar();

    /// <summary>The derivative at each lane; NaN stays NaN, and at ±∞ it is the limit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Of<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        TVector t = NormalTail.Bounded<TSimd, TVector>(x), tail = NormalTail.Of<TSimd, TVector>(t);
        TVector density = TSimd.Multiply(VectorExp.Exp2<TSimd, TVector>(TSimd.Multiply(TSimd.Multiply(t, t), TSimd.Create(HalfLog2E))), TSimd.Create(Density));
        TVector w = TSimd.Subtract(tail, TSimd.Multiply(t, density)), side = ReluDerivative.Of<TSimd, TVector>(x);
        // w or 1 − w.
        return TSimd.MultiplyAdd(side, TSimd.Subtract(TSimd.Create(1), TSimd.Add(w, w)), w);
    }
}
