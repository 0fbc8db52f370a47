using System.Collections.Immutable;
using Kernels.Abstractions;
using Kernels.Flash.Tiles;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Sparse;

/// <summary>
/// Exact attention under any mask, in time proportional to the visible pairs: FlashAttention whose tiles take rows that see the same keys
/// and visit only those. Long runs of keys are read in place, short runs are gathered, so that register tiles are full in both cases; only
/// runs that some row does not see completely are masked. Parts of a pattern are joined by their log-sum-exps.
/// </summary>
/// <typeparam name="TSet">The instruction set.</typeparam>
/// <param name="name">Name of the kernel.</param>
/// <param name="idea">What this instruction set changes; for the first one, the idea of the kernel.</param>
/// <param name="buildsOn">Name of the kernel that it builds on.</param>
public sealed unsafe class SparseTiles<TSet>(string name, string idea, string buildsOn) : AttentionKernel
    where TSet : struct, IInstructionSet
{
    // Runs of at least this length are read in place, because a block of their own then costs less than copying.
    private const int LongRun = 64;

    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(name, idea, Operations.Softmax)
    {
        BuildsOn = buildsOn,
        Source = "Child et al. 2019, Sparse Transformer, section 5.5; Dao 2023, FlashAttention-2, section 3.1",
    };

    /// <inheritdoc/>
    public override string? Unavailable => InstructionSet.WhyNot<TSet>();

    /// <inheritdoc/>
    protected override Takes Takes => Takes.Patterns | Takes.ValueDim | Takes.Strides;

    /// <inheritdoc/>
    protected override Plan PlanFor(AttentionProblem problem)
    {
        if (HeadDimLimit.Refuses(problem) is { } reason)
            return Refuse(reason);
        if (problem.Mask is FullMask)
            return Refuse("under the full mask there is nothing to skip");
        FlashBlocks blocks = FlashBlocks.Of<TSet>(problem);
        ImmutableArray<int> stages =
            [.. Enumerable.Range(0, SparseItem<TSet>.Stages(problem)).Select(stage => SparseItem<TSet>.Items(problem, stage))];
        return new(stages)
        {
            ThreadBytes = sizeof(float) * (FlashScratch<TSet>.Length(blocks) + GatheredKeys<TSet>.Length(blocks)),
            SharedBytes = SparseItem<TSet>.Adds(problem) ? sizeof(float) * RowSums(problem).Count : 0,
        };
    }

    /// <inheritdoc/>
    protected override void Compute(in AttentionCall call, int stage, int item)
    {
        AttentionProblem problem = call.Problem;
        SparseItem<TSet> place = SparseItem<TSet>.Of(problem, stage, item);
        TokenRun queries = place.Queries(problem);
        if (queries.Count == 0)
            return;
        (int batch, int head) = Math.DivRem(place.HeadIndex, problem.Heads);
        var tile = new SparseTile(batch, head, queries);
        bool joins = SparseItem<TSet>.Adds(problem);
        RowTargets targets = joins ? new(call.O, (float*)call.Shared, RowSums(problem)) : RowTargets.Of(call);
        if (place.Part < 0)
        {
            OutputRows<TSet>.Clear(tile, problem, targets);
            return;
        }
        float* memory = (float*)call.Own;
        FlashBlocks blocks = FlashBlocks.Of<TSet>(problem);
        var own = new FlashScratch<TSet>(memory, blocks);
        Packing<TSet>.Queries(call.Q, tile, blocks, problem.Scale, own);
        var keys = new KeyValueRows<TSet>(call.K, call.V, batch, problem.KvHead(head));
        Span<bool> seeing = stackalloc bool[TSet.QueryRows];
        var softmax = new TileSoftmax<TSet>(problem, blocks, tile.Rows, own);
        var gathered = new GatheredKeys<TSet>(blocks, keys, memory + FlashScratch<TSet>.Length(blocks));
        Visit(problem, place, problem.Head(head), tile, keys, ref gathered, ref softmax, seeing);
        if (softmax.TryWrite(tile, seeing, joins, targets))
            return;
        if (softmax.InputsAreFinite(keys, problem.Keys))
        {
            softmax = new TileSoftmax<TSet>(problem, blocks, tile.Rows, own, exactMaxima: true);
            Visit(problem, place, problem.Head(head), tile, keys, ref gathered, ref softmax, seeing);
        }
        softmax.Write(tile, seeing, joins, targets);
    }

    /// <summary>Layout of the log-sum-exps of the rows, by which the parts of a pattern are joined.</summary>
    private static Layout RowSums(AttentionProblem problem) =>
        Layout.Of(TokenOrder.HeadMajor, problem.Batch, problem.Heads, problem.Queries, 1);

    /// <summary>Visits the keys that the rows see, and marks the rows that see a key.</summary>
    private static void Visit(
        AttentionProblem problem, SparseItem<TSet> place, in MaskedHead masked, SparseTile tile, in KeyValueRows<TSet> source,
        ref GatheredKeys<TSet> gathered, ref TileSoftmax<TSet> softmax, scoped Span<bool> seeing)
    {
        PatternPart part = problem.Mask.Part(place.Part);
        // Ranges of a run, and of a gathered block, which may be needed in between.
        Span<KeyRange> ranges = stackalloc KeyRange[TSet.QueryRows], whole = stackalloc KeyRange[TSet.QueryRows];
        int cursor = 0;
        while (part.TryNext(masked, place.Group, tile.Queries, ref cursor, out TokenRun keys, out bool covered))
        {
            VisibleKeys<TSet> visible = covered
                ? new VisibleKeys<TSet>(new KeyRange(0, keys.Count), tile.Rows, ranges)
                : Seen(part, masked, tile, keys, ranges);
            visible.MarkSeeing(seeing);
            if (keys.Step == 1 && (!covered || keys.Count >= LongRun))
                softmax.AddKeys(source, keys.Begin, visible, default);
            else if (covered)
                Gather(keys, ref gathered, ref softmax, tile.Rows, whole);
            else
            {
                // Gathered keys are computed first, because AddMasked reuses their memory.
                AddGathered(ref gathered, ref softmax, tile.Rows, whole);
                AddMasked(keys, visible, ref gathered, ref softmax);
            }
        }
        AddGathered(ref gathered, ref softmax, tile.Rows, whole);
    }

    private static VisibleKeys<TSet> Seen(PatternPart part, in MaskedHead head, SparseTile tile, TokenRun keys, Span<KeyRange> ranges)
    {
        for (int row = 0; row < tile.Rows; row++)
            ranges[row] = part.Seen(head, tile.Queries[row], keys);
        return new VisibleKeys<TSet>(ranges[..tile.Rows]);
    }

    private static void Gather(
        TokenRun keys, ref GatheredKeys<TSet> gathered, ref TileSoftmax<TSet> softmax, int rows, scoped Span<KeyRange> ranges)
    {
        for (int done = 0; done < keys.Count;)
        {
            done += gathered.Add(keys.Slice(new KeyRange(done, keys.Count)));
            if (gathered.IsFull)
                AddGathered(ref gathered, ref softmax, rows, ranges);
        }
    }

    private static void AddGathered(
        ref GatheredKeys<TSet> gathered, ref TileSoftmax<TSet> softmax, int rows, scoped Span<KeyRange> ranges)
    {
        if (gathered.Count == 0)
            return;
        var block = new KeyRange(0, gathered.Count);
        softmax.AddBlock(gathered.Rows, block, new VisibleKeys<TSet>(block, rows, ranges), default);
        gathered.Clear();
    }

    /// <summary>Visits a run with gaps that some row does not see completely, in blocks of its own.</summary>
    private static void AddMasked(
        TokenRun keys, scoped VisibleKeys<TSet> visible, ref GatheredKeys<TSet> gathered, ref TileSoftmax<TSet> softmax)
    {
        for (KeyRange block = visible.First(gathered.Room); !block.IsEmpty; block = visible.After(block, gathered.Room))
        {
            gathered.Clear();
            gathered.Add(keys.Slice(block));
            softmax.AddBlock(gathered.Rows, block, visible, default);
        }
        gathered.Clear();
    }
}
