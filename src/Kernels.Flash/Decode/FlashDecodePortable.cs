using System.Runtime.Intrinsics;
using Kernels.Abstractions;
using Kernels.Primitives;

namespace Kernels.Flash.Decode;

/// <summary>FlashDecoding in vectors of four floats: SSE, NEON, or software.</summary>
public sealed class FlashDecodePortable : FlashDecode<Simd128, Vector128<float>>
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        "flash-decode-portable", "few queries: keys are split among threads; grouped heads read each key once", Definition.Softmax)
    {
        BuildsOn = "flash-portable-6x8",
        Source = "Dao et al. 2023, Flash-Decoding for long-context inference",
    };
}
