using Kernels.Abstractions;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Linear;

/// <summary>
/// A backward pass in chunks: dQ forwards, then dK and dV backwards. A work item is a kv head with its query heads in one of the two passes, so every sum
/// has an order that depends on the problem alone.
/// </summary>
/// <typeparam name="TSet">The instruction set.</typeparam>
public abstract class ChunkedBackward<TSet> : AttentionKernel
    where TSet : struct, IInstructionSet
{
    private readonly GradientRule<TSet> rule;

    private protected ChunkedBackward(GradientRule<TSet> rule) => this.rule = rule;

    /// <inheritdoc/>
    public sealed override string? Unavailable => InstructionSet.WhyNot<TSet>();

    /// <inheritdoc/>
    protected sealed override Takes Takes => Takes.ValueDim;

    /// <inheritdoc/>
    /// <remarks>What a thread needs does not depend on the sequence; all threads share a few numbers of each query, or none.</remarks>
    protected sealed override Plan PlanFor(AttentionProblem problem) => GrowingState.Refuses(problem) is { } reason ? Refuse(reason)
        : new(problem.Batch * problem.KvHeads, problem.Batch * problem.KvHeads)
        {
            ThreadBytes = sizeof(float) * (GradientScratch<TSet>.Length(problem.HeadDim, problem.ValueDim) + rule.ExtraLength),
            SharedBytes = sizeof(float) * (long)rule.SharedNumbers * problem.Batch * problem.Heads * problem.Queries,
        };

    /// <inheritdoc/>
    protected sealed override unsafe void Compute(in AttentionCall call, int stage, int item)
    {
        (int batch, int kvHead) = Math.DivRem(item, call.Problem.KvHeads);
        var parts = new GradientScratch<TSet>((float*)call.Own, call.Problem.HeadDim, call.Problem.ValueDim);
        if (stage == 0)
            QueryGradients<TSet>.Compute(rule, call, parts, batch, kvHead);
        else
            KeyGradients<TSet>.Compute(rule, call, parts, batch, kvHead);
    }
}
