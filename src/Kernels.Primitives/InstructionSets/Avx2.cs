using System.Runtime.Intrinsics;

namespace Kernels.Primitives.InstructionSets;

/// <summary>Vectors of eight floats in 16 registers.</summary>
public readonly struct Avx2 : IVectorSet<Simd256, Vector256<float>>
{
    /// <inheritdoc/>
    public static string Name => "AVX2";
}
