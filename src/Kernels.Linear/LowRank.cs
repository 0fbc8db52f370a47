using Kernels.Abstractions;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Linear;

/// <summary>
/// Linformer: keys and values of a kv head are projected once, and all its queries attend to the projected rows. Time and scratch are
/// linear in the sequence.
/// </summary>
/// <typeparam name="TSet">The instruction set.</typeparam>
/// <param name="operation">The operation.</param>
public sealed class LowRank<TSet>(LinformerAttention operation) : AttentionKernel
    where TSet : struct, IInstructionSet
{
    private readonly ProjectedHead<TSet> head = new(operation);

    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        $"linear-{operation.Name}", $"keys and values mixed down to {operation.Length} rows by random signs, softmax attention on those", operation)
    {
        BuildsOn = "simd-avx512",
        Source = "Wang et al. 2020, Linformer, section 4; signs as in Achlioptas 2003, Database-friendly random projections",
    };

    /// <inheritdoc/>
    public override string? Unavailable => InstructionSet.WhyNot<TSet>();

    /// <inheritdoc/>
    protected override Plan PlanFor(AttentionProblem problem) =>
        new(problem.Batch * problem.KvHeads) { ThreadBytes = sizeof(float) * head.ScratchLength(problem) };

    /// <inheritdoc/>
    protected override void Compute(in AttentionCall call, int stage, int item) => head.Compute(call, item);
}
