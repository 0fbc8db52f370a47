using System.Runtime.Intrinsics;
using Kernels.Abstractions;
using Kernels.Primitives;

namespace Kernels.Simd;

/// <summary>Eight lanes.</summary>
public sealed class Avx2Tile : TiledThreePass<Simd256, Vector256<float>>
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        "simd-avx2", "the same loops with 256-bit vectors and fused multiply-add", Definition.Softmax)
    {
        BuildsOn = "simd-portable",
    };

    /// <inheritdoc/>
    protected override string Requirement => "AVX2";
}
