using System.Runtime.Intrinsics;

namespace Kernels.Primitives.InstructionSets;

/// <summary>Vectors of four floats: SSE, NEON, or scalar code.</summary>
public readonly struct Portable : IVectorSet<Simd128, Vector128<float>>
{
    /// <inheritdoc/>
    public static string Name => "128-bit vectors";
}
