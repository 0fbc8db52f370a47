using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Kernels.Primitives;

/// <summary>
/// Prefetches memory that is needed soon: hardware prefetchers restart at every page and do not predict the jump from one tensor to
/// another. A prefetch into the first level waits for a free line buffer and blocks the loads behind it, one into the second level is dropped
/// when there are too many. So the first level is the target where memory bounds and what arrives is used at once, the second elsewhere.
/// </summary>
public static unsafe class Prefetch
{
    /// <summary>Prefetches the cache lines of four vectors of numbers into the first level; never faults, for any address.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FourVectors<TSimd, TVector, TElement>(TElement* next)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
        where TElement : unmanaged
    {
        byte* line = (byte*)next;
        int lines = 4 * TSimd.Width * sizeof(TElement) / CacheLine.Bytes;
        IntoFirstLevel(line);
        if (lines >= 2)
            IntoFirstLevel(line + CacheLine.Bytes);
        if (lines >= 4)
        {
            IntoFirstLevel(line + 2 * CacheLine.Bytes);
            IntoFirstLevel(line + 3 * CacheLine.Bytes);
        }
    }

    /// <summary>Prefetches the cache lines of <paramref name="count"/> floats into the second level.</summary>
    public static void Floats(float* start, nint count)
    {
        for (nint i = 0; i < count; i += CacheLine.Floats)
            OneLine(start + i);
    }

    /// <summary>Prefetches the cache line of an address into the first level, where there is an instruction for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void IntoFirstLevel(void* address)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(address);
    }

    /// <summary>Prefetches the cache line of an address into the second level, where there is an instruction for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void OneLine(void* next)
    {
        if (Sse.IsSupported)
            Sse.Prefetch1(next);
    }
}
