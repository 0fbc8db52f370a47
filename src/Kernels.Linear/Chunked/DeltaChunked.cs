using System.Runtime.Intrinsics;
using Kernels.Abstractions;
using Kernels.Primitives;

namespace Kernels.Linear;

/// <summary>The delta rule in chunks of 48 tokens. All query heads of a kv head share its state.</summary>
public sealed class DeltaChunked()
    : ChunkedKernel(
        new DeltaRule<Simd512, Vector512<float>>(), new DeltaRule<Simd256, Vector256<float>>(), new DeltaRule<Simd128, Vector128<float>>())
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        "linear-delta-chunked", "what each key of a chunk stores comes from one triangular system (WY form), the rest is matrix products",
        Definition.Delta)
    {
        BuildsOn = "linear-delta-recurrent",
        Source = "Yang et al. 2024, Parallelizing Linear Transformers with the Delta Rule over Sequence Length, section 3.2",
    };
}
