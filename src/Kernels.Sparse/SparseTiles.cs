using Kernels.Abstractions;
using Kernels.Flash;
using Kernels.Primitives.Tiles;
using Kernels.Primitives;

namespace Kernels.Sparse;

/// <summary>
/// Exact attention under any mask, in time proportional to what is seen: FlashAttention whose tiles take rows that see the same keys and
/// visit those keys only. Long runs of keys are read where they lie, short ones are gathered, so that register tiles are full either way;
/// only runs that not every row sees whole are masked. Parts of a pattern are mixed by their log-sum-exp.
/// </summary>
/// <typeparam name="TSimd">The operations of the vector width.</typeparam>
/// <typeparam name="TVector">The vector type.</typeparam>
/// <typeparam name="TTile">The register tiles.</typeparam>
/// <typeparam name="TWeights">The way to the weights of a block that every row sees.</typeparam>
internal abstract unsafe class SparseTiles<TSimd, TVector, TTile, TWeights> : AttentionKernel
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
    where TTile : struct, IRegisterTile
    where TWeights : struct, IBlockWeights
{
    private const int MaxHeadDim = 256;

    // A run that is at least so long is read where it lies: what a block of its own costs is then less than copying.
    private const int LongRun = 64;

    /// <inheritdoc/>
    public override long ScratchLength(AttentionProblem problem)
    {
        FlashBlocks blocks = FlashBlocks.Of<TSimd, TVector>(problem);
        return SharedLength(problem) + FlashScratch.Length(blocks) + GatheredKeys.Length(blocks);
    }

    /// <inheritdoc/>
    protected override long SharedLength(AttentionProblem problem) =>
        SparseItem.Adds(problem) ? PartialRows<TSimd, TVector>.Length(problem) : 0;

    /// <inheritdoc/>
    protected override bool TakesPatterns => true;

    /// <inheritdoc/>
    protected override string? Refuses(AttentionProblem problem) =>
        problem.HeadDim > MaxHeadDim ? "head dimension is more than 256"
        : problem.Mask is FullMask ? "under the full mask there is nothing to skip"
        : null;

    /// <inheritdoc/>
    protected override int Stages(AttentionProblem problem) => SparseItem.Stages(problem);

    /// <inheritdoc/>
    protected override int FirstItem(AttentionProblem problem, int stage) => SparseItem.First(problem, stage);

    /// <inheritdoc/>
    protected override int WorkItems(AttentionProblem problem) => SparseItem.First(problem, SparseItem.Stages(problem));

    /// <inheritdoc/>
    protected override void Compute(AttentionProblem problem, in AttentionTensors tensors, int item, Span<float> scratch)
    {
        SparseItem place = SparseItem.Of(problem, item);
        TokenRun queries = place.Queries(problem);
        if (queries.Count == 0)
            return;
        var tile = new SparseTile(problem, place.HeadIndex, queries);
        fixed (float* q = tensors.AllQ, k = tensors.AllK, v = tensors.AllV, output = tensors.AllOutput, shared = tensors.Shared, memory = scratch)
        {
            if (place.Part < 0)
            {
                PartialRows<TSimd, TVector>.Clear(tile, problem.HeadDim, output, shared);
                return;
            }
            FlashBlocks blocks = FlashBlocks.Of<TSimd, TVector>(problem);
            var own = new FlashScratch(memory, blocks);
            Packing.Queries(q, tile, blocks, problem.Scale, own.Queries);
            ulong seeing = Visit(problem, place, tile, blocks, k, v, own, memory + FlashScratch.Length(blocks));
            if (SparseItem.Adds(problem))
                PartialRows<TSimd, TVector>.Add(tile, seeing, blocks, ScoreScale.OfDifferences(problem.Scale), own, output, shared);
            else
                OutputRows<TSimd, TVector>.Write(tile, seeing, blocks, own, output);
        }
    }

    /// <summary>Visits what the rows see, and gives the rows that saw something, a bit each.</summary>
    private static ulong Visit(
        AttentionProblem problem, SparseItem place, SparseTile tile, FlashBlocks blocks, float* k, float* v, FlashScratch scratch, float* memory)
    {
        (int batch, int head) = Math.DivRem(place.HeadIndex, problem.Heads);
        nint keyOffset = (nint)(batch * problem.KvHeads + problem.KvHead(head)) * problem.Keys * problem.HeadDim;
        float* vEnd = v + problem.KeyLength;
        k += keyOffset;
        v += keyOffset;
        MaskedHead masked = problem.Head(head);
        PatternPart part = problem.Mask.Part(place.Part);
        var softmax = new TileSoftmax<TSimd, TVector, TTile, TWeights>(problem, blocks, tile.Rows, scratch);
        var gathered = new GatheredKeys(blocks, k, v, memory);
        // Those of a run, and those of a gathered block, which may come between.
        Span<KeyRange> ranges = stackalloc KeyRange[QueryTile.MaxRows], whole = stackalloc KeyRange[QueryTile.MaxRows];
        ulong seeing = 0;
        int cursor = 0;
        while (part.TryNext(masked, place.Group, tile.Queries, ref cursor, out TokenRun keys, out bool covered))
        {
            VisibleKeys visible = covered
                ? new VisibleKeys(new KeyRange(0, keys.Count), tile.Rows, ranges)
                : Seen(part, masked, tile, keys, ranges);
            seeing |= visible.SeeingRows;
            if (keys.Step == 1 && (!covered || keys.Count >= LongRun))
                softmax.AddKeys(k + (nint)keys.Begin * blocks.HeadDim, v + (nint)keys.Begin * blocks.HeadDim, vEnd, visible, default);
            else if (covered)
                Gather(keys, ref gathered, ref softmax, tile.Rows, whole);
            else
            {
                // What was gathered before gives up its place.
                AddGathered(ref gathered, ref softmax, tile.Rows, whole);
                AddMasked(keys, visible, ref gathered, ref softmax);
            }
        }
        AddGathered(ref gathered, ref softmax, tile.Rows, whole);
        return seeing;
    }

    private static VisibleKeys Seen(PatternPart part, in MaskedHead head, SparseTile tile, TokenRun keys, Span<KeyRange> ranges)
    {
        for (int row = 0; row < tile.Rows; row++)
            ranges[row] = part.Seen(head, tile.Queries[row], keys);
        return new VisibleKeys(ranges[..tile.Rows]);
    }

    private static void Gather(
        TokenRun keys, ref GatheredKeys gathered, ref TileSoftmax<TSimd, TVector, TTile, TWeights> softmax, int rows, scoped Span<KeyRange> ranges)
    {
        for (int done = 0; done < keys.Count;)
        {
            done += gathered.Add(keys.Slice(new KeyRange(done, keys.Count)));
            if (gathered.IsFull)
                AddGathered(ref gathered, ref softmax, rows, ranges);
        }
    }

    private static void AddGathered(
        ref GatheredKeys gathered, ref TileSoftmax<TSimd, TVector, TTile, TWeights> softmax, int rows, scoped Span<KeyRange> ranges)
    {
        if (gathered.Count == 0)
            return;
        var block = new KeyRange(0, gathered.Count);
        softmax.AddBlock(gathered.Keys, gathered.Values, gathered.ValueStride, block, new VisibleKeys(block, rows, ranges), default);
        gathered.Clear();
    }

    /// <summary>Visits a run with gaps that not every row sees whole, in blocks of its own.</summary>
    private static void AddMasked(
        TokenRun keys, scoped VisibleKeys visible, ref GatheredKeys gathered, ref TileSoftmax<TSimd, TVector, TTile, TWeights> softmax)
    {
        for (KeyRange block = visible.First(gathered.Room); !block.IsEmpty; block = visible.After(block, gathered.Room))
        {
            gathered.Clear();
            gathered.Add(keys.Slice(block));
            softmax.AddBlock(gathered.Keys, gathered.Values, gathered.ValueStride, block, visible, default);
        }
        gathered.Clear();
    }
}
