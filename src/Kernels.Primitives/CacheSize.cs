using System.Runtime.Intrinsics.X86;

namespace Kernels.Primitives;

/// <summary>Sizes of the caches as the processor reports them, from which block sizes follow.</summary>
public static class CacheSize
{
    // Assumed where the processor does not report them; Arm has no user-mode instruction for it.
    private const long DefaultFirst = 32 << 10, DefaultSecond = 512 << 10, DefaultThird = 32 << 20;

    // CPUID leaves: "deterministic cache parameters" of Intel, and the same table of AMD.
    private const int IntelLeaf = 4, AmdLeaf = unchecked((int)0x8000001D);

    /// <summary>Bytes of the first-level data cache of one core.</summary>
    public static long FirstLevel { get; } = Read(1) ?? DefaultFirst;

    /// <summary>Bytes of the second-level cache of one core.</summary>
    public static long SecondLevel { get; } = Read(2) ?? DefaultSecond;

    /// <summary>Bytes of the third-level cache that a core has or shares.</summary>
    public static long ThirdLevel { get; } = Read(3) ?? DefaultThird;

    private static long? Read(int level)
    {
        if (!X86Base.IsSupported)
            return null;
        bool amd = X86Base.CpuId(unchecked((int)0x80000000), 0).Eax is var last && (uint)last >= unchecked((uint)AmdLeaf)
            && X86Base.CpuId(AmdLeaf, 0).Eax != 0;
        if (!amd && X86Base.CpuId(0, 0).Eax < IntelLeaf)
            return null;
        const int MostCaches = 8;
        for (int cache = 0; cache < MostCaches; cache++)
            if (Bytes(X86Base.CpuId(amd ? AmdLeaf : IntelLeaf, cache), level) is { } bytes)
                return bytes;
        return null;
    }

    /// <summary>The size of the cache that one subleaf describes, if it holds data and is of that level.</summary>
    internal static long? Bytes((int Eax, int Ebx, int Ecx, int Edx) leaf, int level)
    {
        const int Data = 1, Unified = 3;
        uint ebx = (uint)leaf.Ebx;
        bool matches = (leaf.Eax & 31) is Data or Unified && ((leaf.Eax >> 5) & 7) == level;
        long ways = (ebx >> 22) + 1, partitions = ((ebx >> 12) & 1023) + 1, line = (ebx & 4095) + 1, sets = (uint)leaf.Ecx + 1L;
        return matches ? ways * partitions * line * sets : null;
    }
}
