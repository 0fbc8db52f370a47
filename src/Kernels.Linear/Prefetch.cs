using System.Runtime.Intrinsics.X86;

namespace Kernels.Linear;

/// <summary>
/// Asks for memory before it is needed. A long sequence streams through the caches, a few pages of each tensor a chunk, and the processor's own
/// prefetchers begin anew at every page.
/// </summary>
internal static unsafe class Prefetch
{
    private const int FloatsPerCacheLine = 16;

    /// <summary>Brings floats towards the second cache, where there is an instruction for it.</summary>
    public static void Floats(float* start, nint count)
    {
        if (!Sse.IsSupported)
            return;
        for (nint i = 0; i < count; i += FloatsPerCacheLine)
            Sse.Prefetch1(start + i);
    }
}
