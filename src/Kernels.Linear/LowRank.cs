using System.Runtime.Intrinsics;
using Kernels.Abstractions;
using Kernels.Primitives;

namespace Kernels.Linear;

/// <summary>
/// Linformer: keys and values of a kv head are projected once, and all its queries attend to the 256 rows that remain. Time and scratch are
/// linear in the sequence.
/// </summary>
public sealed class LowRank : AttentionKernel
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        "linear-linformer", "keys and values mixed down to 256 rows by random signs, softmax attention on those", Definition.Linformer)
    {
        BuildsOn = "simd-avx512",
        Source = "Wang et al. 2020, Linformer, section 4; signs as in Achlioptas 2003, Database-friendly random projections",
    };

    /// <inheritdoc/>
    public override long ScratchLength(AttentionProblem problem) =>
        Simd512.IsSupported ? ProjectedHead<Simd512, Vector512<float>>.ScratchLength(problem)
        : Simd256.IsSupported ? ProjectedHead<Simd256, Vector256<float>>.ScratchLength(problem)
        : ProjectedHead<Simd128, Vector128<float>>.ScratchLength(problem);

    /// <inheritdoc/>
    protected override string? Refuses(AttentionProblem problem) => LinformerDefinition.WhyNot(problem);

    /// <inheritdoc/>
    protected override int WorkItems(AttentionProblem problem) => problem.Batch * problem.KvHeads;

    /// <inheritdoc/>
    protected override void Compute(AttentionProblem problem, in AttentionTensors tensors, int item, Span<float> scratch)
    {
        if (Simd512.IsSupported)
            ProjectedHead<Simd512, Vector512<float>>.Compute(problem, tensors, item, scratch);
        else if (Simd256.IsSupported)
            ProjectedHead<Simd256, Vector256<float>>.Compute(problem, tensors, item, scratch);
        else
            ProjectedHead<Simd128, Vector128<float>>.Compute(problem, tensors, item, scratch);
    }
}
