using System.Runtime.Intrinsics;
using Kernels.Abstractions;
using Kernels.Primitives;

namespace Kernels.Linear;

/// <summary>A kernel that runs a rule in chunks, with the widest vectors of the machine; a work item is a kv head with its query heads.</summary>
public abstract class ChunkedKernel : AttentionKernel
{
    private readonly ChunkRule<Simd512, Vector512<float>> rule512;
    private readonly ChunkRule<Simd256, Vector256<float>> rule256;
    private readonly ChunkRule<Simd128, Vector128<float>> rule128;

    private protected ChunkedKernel(
        ChunkRule<Simd512, Vector512<float>> rule512, ChunkRule<Simd256, Vector256<float>> rule256, ChunkRule<Simd128, Vector128<float>> rule128)
    {
        this.rule512 = rule512;
        this.rule256 = rule256;
        this.rule128 = rule128;
    }

    /// <inheritdoc/>
    public override long ScratchLength(AttentionProblem problem) =>
        Simd512.IsSupported ? ChunkedHead<Simd512, Vector512<float>>.ScratchLength(rule512, problem)
        : Simd256.IsSupported ? ChunkedHead<Simd256, Vector256<float>>.ScratchLength(rule256, problem)
        : ChunkedHead<Simd128, Vector128<float>>.ScratchLength(rule128, problem);

    /// <inheritdoc/>
    protected override string? Refuses(AttentionProblem problem) => GrowingState.Refuses(problem);

    /// <inheritdoc/>
    protected override int WorkItems(AttentionProblem problem) => problem.Batch * problem.KvHeads;

    /// <inheritdoc/>
    protected override void Compute(AttentionProblem problem, in AttentionTensors tensors, int item, Span<float> scratch)
    {
        if (Simd512.IsSupported)
            ChunkedHead<Simd512, Vector512<float>>.Compute(rule512, problem, tensors, item, scratch);
        else if (Simd256.IsSupported)
            ChunkedHead<Simd256, Vector256<float>>.Compute(rule256, problem, tensors, item, scratch);
        else
            ChunkedHead<Simd128, Vector128<float>>.Compute(rule128, problem, tensors, item, scratch);
    }
}
