using Kernels.Abstractions;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Linear;

/// <summary>A kernel that runs a rule in chunks; a work item is a kv head with its query heads.</summary>
/// <typeparam name="TSet">The instruction set.</typeparam>
public abstract class ChunkedKernel<TSet> : AttentionKernel
    where TSet : struct, IInstructionSet
{
    private readonly ChunkRule<TSet> rule;

    private protected ChunkedKernel(ChunkRule<TSet> rule) => this.rule = rule;

    /// <inheritdoc/>
    public sealed override string? Unavailable => InstructionSet.WhyNot<TSet>();

    /// <summary>See <see cref="Plan.ExecutedFlops"/>.</summary>
    private protected virtual double? ExecutedFlops(AttentionProblem problem) => null;

    /// <inheritdoc/>
    protected sealed override Plan PlanFor(AttentionProblem problem) => GrowingState.Refuses(problem) is { } reason ? Refuse(reason)
        : new(problem.Batch * problem.KvHeads)
        {
            ThreadBytes = sizeof(float) * ChunkedHead<TSet>.ScratchLength(rule, problem),
            ExecutedFlops = ExecutedFlops(problem),
        };

    /// <inheritdoc/>
    protected sealed override void Compute(in AttentionCall call, int stage, int item) => ChunkedHead<TSet>.Compute(rule, call, item);
}
