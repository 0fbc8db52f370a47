using System.Runtime.Intrinsics;
using Kernels.Abstractions;
using Kernels.Primitives;

namespace Kernels.Simd;

/// <summary>Sixteen lanes.</summary>
public sealed class Avx512Tile : TiledThreePass<Simd512, Vector512<float>>
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new("simd-avx512", "the same loops with 512-bit vectors", Definition.Softmax)
    {
        BuildsOn = "simd-avx2",
    };

    /// <inheritdoc/>
    protected override string Requirement => "AVX-512";
}
