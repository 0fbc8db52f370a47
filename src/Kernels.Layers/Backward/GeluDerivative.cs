using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Kernels.Primitives;

namespace Kernels.Layers.Backward;

/// <summary>
/// The derivative of x·Φ(x), Φ(x) + x·φ(x), without a branch: with t = |x| it is w = Φ(−t) − t·φ(t) where x is negative, and 1 − w where it is not. log₂ Φ(−t) is smooth,
/// so one polynomial and the shared 2ˣ give Φ(−t) for all t.
/// </summary>
internal static class GeluDerivative
{
    // Beyond it both terms are below 10⁻¹⁶.
    private const float End = 9;

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
        TVector t = TSimd.Max(TSimd.Subtract(default, x), x);
        t = TSimd.Subtract(default, TSimd.Max(TSimd.Create(-End), TSimd.Subtract(default, t)));
        // log₂ Φ(−t) in powers of t, −1 at 0: minimax of degree 8 on [0, 9] for what an error of it changes in Φ, at most 8·10⁻⁹. In powers of 2t/9 − 1 it would
        // lose 10⁻⁶ near 0, where large terms cancel.
        TVector p = TSimd.Create(-2.83505415e-6f);
        p = TSimd.MultiplyAdd(p, t, TSimd.Create(3.9379039e-5f));
        p = TSimd.MultiplyAdd(p, t, TSimd.Create(-1.86185149e-4f));
        p = TSimd.MultiplyAdd(p, t, TSimd.Create(-1.36927745e-4f));
        p = TSimd.MultiplyAdd(p, t, TSimd.Create(7.06341257e-3f));
        p = TSimd.MultiplyAdd(p, t, TSimd.Create(-0.0524961762f));
        p = TSimd.MultiplyAdd(p, t, TSimd.Create(-0.45920819f));
        p = TSimd.MultiplyAdd(p, t, TSimd.Create(-1.15110517f));
        TVector tail = VectorExp.Exp2<TSimd, TVector>(TSimd.MultiplyAdd(p, t, TSimd.Create(-1)));
        TVector density = TSimd.Multiply(VectorExp.Exp2<TSimd, TVector>(TSimd.Multiply(TSimd.Multiply(t, t), TSimd.Create(HalfLog2E))), TSimd.Create(Density));
        TVector w = TSimd.Subtract(tail, TSimd.Multiply(t, density)), side = ReluDerivative.Of<TSimd, TVector>(x);
        // w or 1 − w.
        return TSimd.MultiplyAdd(side, TSimd.Subtract(TSimd.Create(1), TSimd.Add(w, w)), w);
    }
}
