using System.Runtime.Intrinsics;
using Kernels.Abstractions;
using Kernels.Primitives;

namespace Kernels.Linear;

/// <summary>Linear attention with φ(x) = elu(x) + 1 in chunks of 48 tokens. All query heads of a kv head share its state.</summary>
public sealed class EluChunked()
    : ChunkedKernel(
        new EluRule<Simd512, Vector512<float>>(), new EluRule<Simd256, Vector256<float>>(), new EluRule<Simd128, Vector128<float>>())
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        "linear-elu-chunked", "chunks of 48 tokens: matrix products instead of a state update a key", Definition.LinearElu)
    {
        BuildsOn = "linear-elu-recurrent",
        Source = "Katharopoulos et al. 2020, Transformers are RNNs; chunks as in Hua et al. 2022, FLASH, section 3.2",
    };

    /// <inheritdoc/>
    public override double? ExecutedFlops(AttentionProblem problem) => ChunkFlops.Of(problem);
}
