using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Kernels.Simd.Vectors;

namespace Kernels.Flash.Decode;

/// <summary>
/// Asks for memory that is read next. The processor's own prefetcher does not cross pages and forgets a stream that pauses; keys pause while
/// values are read, and values while keys are.
/// </summary>
internal static unsafe class Prefetch
{
    /// <summary>The cache lines of four vectors' worth of floats; never faults, whatever the address.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FourVectors<TSimd, TVector>(float* next)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        if (!Sse.IsSupported)
            return;
        Sse.Prefetch0(next);
        if (TSimd.Width >= 8)
            Sse.Prefetch0(next + CacheLine.Floats);
        if (TSimd.Width >= 16)
        {
            Sse.Prefetch0(next + 2 * CacheLine.Floats);
            Sse.Prefetch0(next + 3 * CacheLine.Floats);
        }
    }
}
