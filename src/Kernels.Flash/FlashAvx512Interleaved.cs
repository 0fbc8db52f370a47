using System.Runtime.Intrinsics;
using Kernels.Abstractions;
using Kernels.Flash.Interleaved;
using Kernels.Primitives.Tiles;
using Kernels.Primitives;

namespace Kernels.Flash;

/// <summary>FlashAttention in vectors of sixteen floats, with exponentials among the multiply-adds.</summary>
internal sealed class FlashAvx512Interleaved
    : FlashKernel<Simd512, Vector512<float>, Tiles6x4<Simd512, Vector512<float>>,
        InterleavedWeights>
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        "flash-avx512-interleaved", "exponentials of one register tile of scores run among the multiply-adds of the next", Definition.Softmax)
    {
        BuildsOn = "flash-avx512-6x64",
        Source = "Dao 2023, FlashAttention-2, section 3.1",
    };

    /// <inheritdoc/>
    public override string? Unavailable => Simd512.IsSupported ? null : "needs AVX-512";
}
