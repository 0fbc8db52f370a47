namespace Kernels.Results;

/// <summary>What OpenBLAS computes with in this process.</summary>
/// <param name="Core">The processor core whose code it chose, such as <c>SkylakeX</c>; null when it does not say.</param>
/// <param name="Threads">Threads of one call; null when it does not say.</param>
public sealed record OpenBlasUse(string? Core, int? Threads)
{
    private static readonly string[] avx512 = ["SkylakeX", "Cooperlake", "SapphireRapids"];
    private static readonly string[] avx2 = ["Haswell", "Zen", "Excavator"];
    private static readonly string[] avx = ["Sandybridge", "Bulldozer", "Piledriver", "Steamroller"];
    private static readonly string[] sse =
    [
        "Katmai", "Coppermine", "Northwood", "Prescott", "Banias", "Atom", "Core2", "Penryn", "Dunnington", "Nehalem", "Athlon", "Opteron",
        "Opteron_SSE3", "Barcelona", "Bobcat", "Nano",
    ];

    /// <summary>Vectors of that core's code; null when the core is unknown or of another architecture.</summary>
    public VectorSet? Vectors()
    {
        bool IsOf(string[] cores) => cores.Contains(Core, StringComparer.OrdinalIgnoreCase);
        return IsOf(avx512) ? VectorSet.Avx512 : IsOf(avx2) ? VectorSet.Avx2 : IsOf(avx) ? VectorSet.Avx : IsOf(sse) ? VectorSet.Sse : null;
    }
}
