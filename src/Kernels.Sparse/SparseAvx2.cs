using System.Runtime.Intrinsics;
using Kernels.Abstractions;
using Kernels.Flash;
using Kernels.Primitives.Tiles;
using Kernels.Primitives;

namespace Kernels.Sparse;

/// <summary>Sparse tiles in vectors of eight floats.</summary>
internal sealed class SparseAvx2
    : SparseTiles<Simd256, Vector256<float>, Tiles6x2<Simd256, Vector256<float>>,
        SequentialWeights<Simd256, Vector256<float>, Tiles6x2<Simd256, Vector256<float>>>>
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        "sparse-tiles-avx2", "vectors of 8 floats", Definition.Softmax)
    {
        BuildsOn = "sparse-tiles-portable",
        Source = "Child et al. 2019, Sparse Transformer, section 5.5; Dao 2023, FlashAttention-2, section 3.1",
    };

    /// <inheritdoc/>
    public override string? Unavailable => Simd256.IsSupported ? null : "needs AVX2";
}
