using System.Runtime.Intrinsics;
using Kernels.Abstractions;
using Kernels.Flash.Interleaved;
using Kernels.Primitives.Tiles;
using Kernels.Primitives;

namespace Kernels.Sparse;

/// <summary>Sparse tiles in vectors of sixteen floats.</summary>
internal sealed class SparseAvx512
    : SparseTiles<Simd512, Vector512<float>, Tiles6x4<Simd512, Vector512<float>>,
        InterleavedWeights>
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        "sparse-tiles-avx512", "vectors of 16 floats, exponentials among the multiply-adds", Definition.Softmax)
    {
        BuildsOn = "sparse-tiles-avx2",
        Source = "Child et al. 2019, Sparse Transformer, section 5.5; Dao 2023, FlashAttention-2, section 3.1",
    };

    /// <inheritdoc/>
    public override string? Unavailable => Simd512.IsSupported ? null : "needs AVX-512";
}
