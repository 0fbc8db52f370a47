using System.Runtime.Intrinsics;
using Kernels.Abstractions;
using Kernels.Primitives.Tiles;
using Kernels.Primitives;

namespace Kernels.Flash;

/// <summary>FlashAttention in vectors of four floats: SSE, NEON, or software.</summary>
internal sealed class FlashPortable
    : FlashKernel<Simd128, Vector128<float>, Tiles6x2<Simd128, Vector128<float>>,
        SequentialWeights<Simd128, Vector128<float>, Tiles6x2<Simd128, Vector128<float>>>>
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        "flash-portable-6x8", "a tile of queries visits blocks of keys in cache; 6×8 scores stay in registers", Definition.Softmax)
    {
        BuildsOn = "naive-online-softmax",
        Source = "Dao 2023, FlashAttention-2, section 3.1",
    };
}
