using System.Runtime.Intrinsics;
using Kernels.Abstractions;
using Kernels.Flash;
using Kernels.Primitives.Tiles;
using Kernels.Primitives;

namespace Kernels.Sparse;

/// <summary>Sparse tiles in vectors of four floats: SSE, NEON, or software.</summary>
internal sealed class SparsePortable
    : SparseTiles<Simd128, Vector128<float>, Tiles6x2<Simd128, Vector128<float>>,
        SequentialWeights<Simd128, Vector128<float>, Tiles6x2<Simd128, Vector128<float>>>>
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        "sparse-tiles-portable", "tiles of rows that see the same keys visit those alone, short runs gathered into whole blocks", Definition.Softmax)
    {
        BuildsOn = "flash-portable-6x8",
        Source = "Child et al. 2019, Sparse Transformer, section 5.5; Dao 2023, FlashAttention-2, section 3.1",
    };
}
