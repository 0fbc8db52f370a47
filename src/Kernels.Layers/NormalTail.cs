using System.Runtime.CompilerServices;
using Kernels.Primitives;

namespace Kernels.Layers;

/// <summary>
/// Φ(−t), what a normal distribution has beyond t ≥ 0, for GELU and its derivative. Its logarithm is smooth, so one polynomial and the shared 2ˣ give it for
/// all t.
/// </summary>
internal static class NormalTail
{
    // Beyond it both t·Φ(−t) and t·φ(t) are below 10⁻¹⁶.
    private const float End = 9;

    /// <summary>|x|, at most 9; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Bounded<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        TVector t = TSimd.Max(TSimd.Subtract(default, x), x);
        return TSimd.Subtract(default, TSimd.Max(TSimd.Create(-End), TSimd.Subtract(default, t)));
    }

    /// <summary>Φ(−t) of each lane in [0, 9].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Of<TSimd, TVector>(TVector t)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        // log₂ Φ(−t) in powers of t, −1 at 0: minimax of degree 8 on [0, 9] for what an error of it changes in Φ, at most 8·10⁻⁹. In powers of 2t/9 − 1 it
        // would lose 10⁻⁶ near 0, where large terms cancel.
        TVector p = TSimd.Create(-2.83505415e-6f);
        p = TSimd.MultiplyAdd(p, t, TSimd.Create(3.9379039e-5f));
        p = TSimd.MultiplyAdd(p, t, TSimd.Create(-1.86185149e-4f));
        p = TSimd.MultiplyAdd(p, t, TSimd.Create(-1.36927745e-4f));
        p = TSimd.MultiplyAdd(p, t, TSimd.Create(7.06341257e-3f));
        p = TSimd.MultiplyAdd(p, t, TSimd.Create(-0.0524961762f));
        p = TSimd.MultiplyAdd(p, t, TSimd.Create(-0.45920819f));
        p = TSimd.MultiplyAdd(p, t, TSimd.Create(-1.15110517f));
        return VectorExp.Exp2<TSimd, TVector>(TSimd.MultiplyAdd(p, t, TSimd.Create(-1)));
    }
}
