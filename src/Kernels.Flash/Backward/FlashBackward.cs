using System.Collections.Immutable;
using Kernels.Abstractions;
using Kernels.Flash.Tiles;
using Kernels.Primitives.Gradients;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Flash.Backward;

/// <summary>
/// FlashAttention backward on a processor: a block of keys, with dK and dV in cache, meets the queries tile by tile. Scores are computed
/// once, so five products suffice, and each of them runs at full register tiles: keys and values are transposed once a block, dO and q are
/// read as they are. Dao 2023, FlashAttention-2, section 3.1 and algorithm 2.
/// </summary>
/// <typeparam name="TSet">The instruction set.</typeparam>
/// <param name="name">Name of the kernel.</param>
/// <param name="idea">What this instruction set changes; for the first one, the idea of the kernel.</param>
/// <param name="buildsOn">Name of the kernel that it builds on.</param>
public sealed unsafe class FlashBackward<TSet>(string name, string idea, string buildsOn) : AttentionKernel
    where TSet : struct, IInstructionSet
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(name, idea, Operations.SoftmaxBackward)
    {
        BuildsOn = buildsOn,
        Source = "Dao 2023, FlashAttention-2, section 3.1, algorithm 2",
    };

    /// <inheritdoc/>
    public override string? Unavailable => InstructionSet.WhyNot<TSet>();

    /// <inheritdoc/>
    protected override Takes Takes => Takes.Patterns | Takes.ValueDim | Takes.Strides;

    /// <inheritdoc/>
    /// <remarks>The first stage prepares the rows; then one stage for each round of <see cref="BackwardChunks"/>.</remarks>
    protected override Plan PlanFor(AttentionProblem problem)
    {
        if (HeadDimLimit.Refuses(problem) is { } reason)
            return Refuse(reason);
        var blocks = BackwardBlocks.Of<TSet>(problem);
        int rounds = new BackwardChunks(problem, blocks).Count;
        ImmutableArray<int> stages =
            [problem.Batch * problem.Heads, .. Enumerable.Repeat(problem.Batch * problem.KvHeads * rounds, rounds)];
        return new(stages)
        {
            ThreadBytes = sizeof(float) * BackwardScratch.Length(blocks, !problem.Mask.IsContiguous),
            SharedBytes = 2 * sizeof(float) * (long)problem.Batch * problem.Heads * problem.Queries,
        };
    }

    /// <inheritdoc/>
    protected override void Compute(in AttentionCall call, int stage, int item)
    {
        AttentionProblem problem = call.Problem;
        if (stage == 0)
        {
            Prepare(call, item);
            return;
        }
        var blocks = BackwardBlocks.Of<TSet>(problem);
        var chunks = new BackwardChunks(problem, blocks);
        (int kvItem, int chunk) = Math.DivRem(item, chunks.Count);
        (int batch, int kvHead) = Math.DivRem(kvItem, problem.KvHeads);
        KeyRange keys = chunks.Keys(chunk), queries = chunks.Queries(stage - 1, chunk);
        var own = new BackwardScratch((float*)call.Own, blocks, !problem.Mask.IsContiguous);
        for (int begin = keys.Begin; begin < keys.End; begin += blocks.Keys)
        {
            var block = new KeyBlockGradients<TSet>(call, blocks, own, batch, kvHead, new(begin, Math.Min(keys.End, begin + blocks.Keys)));
            block.AddQueries(queries, RowSums(call), Lses(call));
        }
    }

    // D and the log-sum-exps of a head's rows, which every block of keys reads; and zeros, to which the rounds add.
    private static void Prepare(in AttentionCall call, int headIndex)
    {
        AttentionProblem problem = call.Problem;
        (int batch, int head) = Math.DivRem(headIndex, problem.Heads);
        float* sums = RowSums(call) + (nint)headIndex * problem.Queries, lses = Lses(call) + (nint)headIndex * problem.Queries;
        for (int query = 0; query < problem.Queries; query++)
        {
            var dot = new RowDot(call[SoftmaxBackward.GradO].At<float>(batch, head, query), call.O.At<float>(batch, head, query), problem.ValueDim);
            TSet.Run(ref dot);
            float lse = *call.Lse.At<float>(batch, head, query);
            // A query that sees no key has weights of zero, not exp(∞).
            (sums[query], lses[query]) = (dot.Value, float.IsNegativeInfinity(lse) ? float.PositiveInfinity : lse);
            call[SoftmaxBackward.GradQ].Row<float>(batch, head, query).Clear();
        }
        int group = problem.Heads / problem.KvHeads;
        for (int key = 0; head % group == 0 && key < problem.Keys; key++)
        {
            call[SoftmaxBackward.GradK].Row<float>(batch, head / group, key).Clear();
            call[SoftmaxBackward.GradV].Row<float>(batch, head / group, key).Clear();
        }
    }

    private static float* RowSums(in AttentionCall call) => (float*)call.Shared;

    private static float* Lses(in AttentionCall call) =>
        (float*)call.Shared + (nint)call.Problem.Batch * call.Problem.Heads * call.Problem.Queries;
}
