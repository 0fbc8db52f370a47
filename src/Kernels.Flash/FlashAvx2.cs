using System.Runtime.Intrinsics;
using Kernels.Abstractions;
using Kernels.Primitives.Tiles;
using Kernels.Primitives;

namespace Kernels.Flash;

/// <summary>FlashAttention in vectors of eight floats.</summary>
internal sealed class FlashAvx2
    : FlashKernel<Simd256, Vector256<float>, Tiles6x2<Simd256, Vector256<float>>,
        SequentialWeights<Simd256, Vector256<float>, Tiles6x2<Simd256, Vector256<float>>>>
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new("flash-avx2-6x16", "vectors of 8 floats: register tile 6×16", Definition.Softmax)
    {
        BuildsOn = "flash-portable-6x8",
        Source = "Dao 2023, FlashAttention-2, section 3.1",
    };

    /// <inheritdoc/>
    public override string? Unavailable => Simd256.IsSupported ? null : "needs AVX2";
}
