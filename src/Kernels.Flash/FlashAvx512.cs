using System.Runtime.Intrinsics;
using Kernels.Abstractions;
using Kernels.Primitives.Tiles;
using Kernels.Primitives;

namespace Kernels.Flash;

/// <summary>FlashAttention in vectors of sixteen floats.</summary>
internal sealed class FlashAvx512
    : FlashKernel<Simd512, Vector512<float>, Tiles6x4<Simd512, Vector512<float>>,
        SequentialWeights<Simd512, Vector512<float>, Tiles6x4<Simd512, Vector512<float>>>>
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        "flash-avx512-6x64", "vectors of 16 floats in 32 registers: register tile 6×64", Definition.Softmax)
    {
        BuildsOn = "flash-avx2-6x16",
        Source = "Dao 2023, FlashAttention-2, section 3.1",
    };

    /// <inheritdoc/>
    public override string? Unavailable => Simd512.IsSupported ? null : "needs AVX-512";
}
