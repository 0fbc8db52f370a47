using System.Runtime.Intrinsics;
using Kernels.Abstractions;
using Kernels.Simd.Vectors;

namespace Kernels.Linear;

/// <summary>
/// Linear attention in chunks of 32 tokens, as small matrix products: the keys that all queries of a chunk see are in a state φ(K)ᵀV; the
/// few that only some of them see, under a causal mask, are handled within the chunk by masked quadratic attention. All query heads of a
/// kv head share its state.
/// </summary>
public sealed class EluChunked : AttentionKernel
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        "linear-elu-chunked", "chunks of 32 tokens: matrix products instead of a state update a key", Definition.LinearElu)
    {
        BuildsOn = "linear-elu-recurrent",
        Source = "Katharopoulos et al. 2020, Transformers are RNNs; chunks as in Hua et al. 2022, FLASH, section 3.2",
    };

    /// <inheritdoc/>
    public override long ScratchLength(AttentionProblem problem) =>
        Simd512.IsSupported ? ChunkScratch<Simd512, Vector512<float>>.Length(problem.HeadDim)
        : Simd256.IsSupported ? ChunkScratch<Simd256, Vector256<float>>.Length(problem.HeadDim)
        : ChunkScratch<Simd128, Vector128<float>>.Length(problem.HeadDim);

    /// <inheritdoc/>
    protected override string? Refuses(AttentionProblem problem) => EluFeature.Refuses(problem);

    /// <inheritdoc/>
    protected override int WorkItems(AttentionProblem problem) => problem.Batch * problem.KvHeads;

    /// <inheritdoc/>
    protected override void Compute(AttentionProblem problem, in AttentionTensors tensors, int item, Span<float> scratch)
    {
        (int batch, int kvHead) = Math.DivRem(item, problem.KvHeads);
        if (Simd512.IsSupported)
            ChunkedHead<Simd512, Vector512<float>>.Compute(problem, tensors, batch, kvHead, scratch);
        else if (Simd256.IsSupported)
            ChunkedHead<Simd256, Vector256<float>>.Compute(problem, tensors, batch, kvHead, scratch);
        else
            ChunkedHead<Simd128, Vector128<float>>.Compute(problem, tensors, batch, kvHead, scratch);
    }
}
