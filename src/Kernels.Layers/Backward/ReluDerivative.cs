using System.Runtime.CompilerServices;
using Kernels.Primitives;

namespace Kernels.Layers.Backward;

/// <summary>The derivative of max(x, 0), which is a step: 1 where x is positive, 0 elsewhere.</summary>
internal static class ReluDerivative
{
    // The square of it times the smallest positive float32 is above 1.
    private const float Large = 1e30f;

    /// <summary>The step of each lane; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Of<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        TVector large = TSimd.Create(Large), one = TSimd.Create(1);
        TVector positive = TSimd.Max(default, TSimd.Multiply(TSimd.Multiply(x, large), large));
        // The smaller of it and 1; NaN comes second, where Max returns it.
        return TSimd.Subtract(one, TSimd.Max(default, TSimd.Subtract(one, positive)));
    }
}
