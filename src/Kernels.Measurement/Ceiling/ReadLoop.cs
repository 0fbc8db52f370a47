using System.Runtime.CompilerServices;
using Kernels.Primitives;

namespace Kernels.Measurement.Ceiling;

/// <summary>A loop of vector loads, each with an addition so that it is not optimised away.</summary>
internal static unsafe class ReadLoop
{
    /// <summary>Floats that one round reads at the widest vector; lengths must be a multiple of it.</summary>
    public const int FloatsPerRound = 8 * 16;

    /// <summary>Reads <paramref name="length"/> floats, <paramref name="passes"/> times over.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static float Run<TSimd, TVector>(float* source, long length, int passes)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        TVector sum0 = TSimd.Create(0f), sum1 = sum0, sum2 = sum0, sum3 = sum0, sum4 = sum0, sum5 = sum0, sum6 = sum0, sum7 = sum0;
        int width = TSimd.Width;
        float* end = source + length;
        for (int pass = 0; pass < passes; pass++)
        {
            for (float* at = source; at < end; at += 8 * width)
            {
                sum0 = TSimd.Add(sum0, TSimd.Load(at));
                sum1 = TSimd.Add(sum1, TSimd.Load(at + width));
                sum2 = TSimd.Add(sum2, TSimd.Load(at + 2 * width));
                sum3 = TSimd.Add(sum3, TSimd.Load(at + 3 * width));
                sum4 = TSimd.Add(sum4, TSimd.Load(at + 4 * width));
                sum5 = TSimd.Add(sum5, TSimd.Load(at + 5 * width));
                sum6 = TSimd.Add(sum6, TSimd.Load(at + 6 * width));
                sum7 = TSimd.Add(sum7, TSimd.Load(at + 7 * width));
            }
        }
        TVector sum = TSimd.Add(
            TSimd.Add(TSimd.Add(sum0, sum1), TSimd.Add(sum2, sum3)), TSimd.Add(TSimd.Add(sum4, sum5), TSimd.Add(sum6, sum7)));
        return TSimd.SumAcross(sum);
    }
}
