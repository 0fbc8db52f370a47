using System.Runtime.Intrinsics;
using Kernels.Abstractions;
using Kernels.Primitives;

namespace Kernels.Linear;

/// <summary>Retention in chunks of 48 tokens. All query heads of a kv head share its state.</summary>
public sealed class RetentionChunked()
    : ChunkedKernel(
        new RetentionRule<Simd512, Vector512<float>>(), new RetentionRule<Simd256, Vector256<float>>(),
        new RetentionRule<Simd128, Vector128<float>>())
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        "linear-retention-chunked", "chunks of 48 tokens: powers of the decay as a mask within, one decay of the state a chunk", Definition.Retention)
    {
        BuildsOn = "linear-retention-recurrent",
        Source = "Sun et al. 2023, Retentive Network, equation 7",
    };

    /// <inheritdoc/>
    public override double? ExecutedFlops(AttentionProblem problem) => ChunkFlops.Of(problem);
}
