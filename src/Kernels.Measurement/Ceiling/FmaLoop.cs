using System.Runtime.CompilerServices;
using Kernels.Primitives;

namespace Kernels.Measurement.Ceiling;

/// <summary>A loop of multiply-adds on registers: the peak of one instruction set.</summary>
internal static class FmaLoop
{
    /// <summary>
    /// Independent chains. Two units with a latency of four cycles need eight; twelve leave room for slower units and, with the two
    /// constants, still fit the sixteen registers of AVX2.
    /// </summary>
    public const int Chains = 12;

    /// <summary>Operations of a round; a multiply-add counts as two.</summary>
    public static long FlopsPerRound(int width) => 2L * Chains * width;

    /// <summary>
    /// Runs the chains. The accumulators are named locals and the loop makes no calls, because the JIT keeps vectors in registers only
    /// then. The result depends on every chain, so that none is optimised away.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static float Run<TSimd, TVector>(long rounds, float start)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        // x ← 0.75·x + 1 converges to 4: no overflow, and no subnormal numbers, which are slow on some processors.
        TVector factor = TSimd.Create(0.75f), addend = TSimd.Create(1f);
        TVector sum0 = TSimd.Create(start), sum1 = sum0, sum2 = sum0, sum3 = sum0, sum4 = sum0, sum5 = sum0;
        TVector sum6 = sum0, sum7 = sum0, sum8 = sum0, sum9 = sum0, sum10 = sum0, sum11 = sum0;
        for (long round = 0; round < rounds; round++)
        {
            sum0 = TSimd.MultiplyAdd(sum0, factor, addend);
            sum1 = TSimd.MultiplyAdd(sum1, factor, addend);
            sum2 = TSimd.MultiplyAdd(sum2, factor, addend);
            sum3 = TSimd.MultiplyAdd(sum3, factor, addend);
            sum4 = TSimd.MultiplyAdd(sum4, factor, addend);
            sum5 = TSimd.MultiplyAdd(sum5, factor, addend);
            sum6 = TSimd.MultiplyAdd(sum6, factor, addend);
            sum7 = TSimd.MultiplyAdd(sum7, factor, addend);
            sum8 = TSimd.MultiplyAdd(sum8, factor, addend);
            sum9 = TSimd.MultiplyAdd(sum9, factor, addend);
            sum10 = TSimd.MultiplyAdd(sum10, factor, addend);
            sum11 = TSimd.MultiplyAdd(sum11, factor, addend);
        }
        TVector low = TSimd.Add(TSimd.Add(TSimd.Add(sum0, sum1), TSimd.Add(sum2, sum3)), TSimd.Add(sum4, sum5));
        TVector high = TSimd.Add(TSimd.Add(TSimd.Add(sum6, sum7), TSimd.Add(sum8, sum9)), TSimd.Add(sum10, sum11));
        return TSimd.SumAcross(TSimd.Add(low, high));
    }
}
