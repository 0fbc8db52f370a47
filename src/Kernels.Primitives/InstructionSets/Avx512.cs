using System.Runtime.Intrinsics;

namespace Kernels.Primitives.InstructionSets;

/// <summary>Vectors of sixteen floats in 32 registers.</summary>
public readonly struct Avx512 : IVectorSet<Simd512, Vector512<float>>
{
    /// <inheritdoc/>
    public static string Name => "AVX-512";

    /// <inheritdoc/>
    /// <remarks>24 accumulators, 4 vectors and a broadcast number.</remarks>
    public static int TileVectors => 4;

    /// <inheritdoc/>
    public static int DecodeRows => 4;
}
