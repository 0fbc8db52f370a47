using System.Runtime.Intrinsics;
using Kernels.Abstractions;
using Kernels.Primitives;

namespace Kernels.Flash.Decode;

/// <summary>FlashDecoding in vectors of sixteen floats.</summary>
public sealed class FlashDecodeAvx512 : FlashDecode<Simd512, Vector512<float>>
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        "flash-decode-avx512", "vectors of 16 floats in 32 registers: 4 keys × 4 rows of scores at a time", Definition.Softmax)
    {
        BuildsOn = "flash-decode-avx2",
        Source = "Dao et al. 2023, Flash-Decoding for long-context inference",
    };

    /// <inheritdoc/>
    public override string? Unavailable => Simd512.IsSupported ? null : "needs AVX-512";
}
