using System.Runtime.Intrinsics;
using Kernels.Abstractions;
using Kernels.Primitives;

namespace Kernels.Flash.Decode;

/// <summary>FlashDecoding in vectors of eight floats.</summary>
public sealed class FlashDecodeAvx2 : FlashDecode<Simd256, Vector256<float>>
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new("flash-decode-avx2", "vectors of 8 floats", Definition.Softmax)
    {
        BuildsOn = "flash-decode-portable",
        Source = "Dao et al. 2023, Flash-Decoding for long-context inference",
    };

    /// <inheritdoc/>
    public override string? Unavailable => Simd256.IsSupported ? null : "needs AVX2";
}
