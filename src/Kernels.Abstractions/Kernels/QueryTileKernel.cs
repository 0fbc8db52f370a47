namespace Kernels.Abstractions;

/// <summary>
/// A kernel whose work item is one tile of consecutive queries of one head in float32, so that a single head can keep several threads busy.
/// The last tile of a head may be smaller.
/// </summary>
public abstract class QueryTileKernel : AttentionKernel
{
    /// <summary>Queries in a tile, at least 1.</summary>
    protected abstract int TileQueries(AttentionProblem problem);

    /// <summary>Floats of scratch that one tile needs. Above 2³¹−1 the problem is too large for this kernel.</summary>
    protected virtual long ScratchLength(AttentionProblem problem) => 0;

    /// <summary>Why the kernel cannot compute <paramref name="problem"/> on a suitable machine; null when it can.</summary>
    protected virtual string? Refuses(AttentionProblem problem) => null;

    /// <summary>Computes the output rows <c>begin … end</c> of one head.</summary>
    /// <param name="problem">Shapes, mask and scale of the whole problem; the mask numbers queries from the head's first.</param>
    /// <param name="q">[queries, headDim] of the head.</param>
    /// <param name="k">[keys, headDim] of the head's kv head.</param>
    /// <param name="v">[keys, valueDim] of the head's kv head.</param>
    /// <param name="output">[queries, valueDim] of the head; only the tile's rows may be written, and all of them must be.</param>
    /// <param name="begin">First query of the tile.</param>
    /// <param name="end">One past its last.</param>
    /// <param name="scratch"><see cref="ScratchLength"/> floats, with arbitrary contents.</param>
    protected abstract void ComputeTile(
        AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> output,
        int begin, int end, Span<float> scratch);

    /// <inheritdoc/>
    protected sealed override Plan PlanFor(AttentionProblem problem) =>
        FloatScratch.Plan(Refuses(problem), problem.Batch * problem.Heads * TilesPerHead(problem), ScratchLength(problem));

    /// <inheritdoc/>
    protected sealed override void Compute(in AttentionCall call, int stage, int item)
    {
        AttentionProblem problem = call.Problem;
        int tiles = TilesPerHead(problem);
        (int headItem, int tile) = Math.DivRem(item, tiles);
        (int batch, int head) = Math.DivRem(headItem, problem.Heads);
        int kvHead = problem.KvHead(head);
        // Last tile first: under a causal mask it is the longest, and short items at the end balance the threads.
        int begin = (tiles - 1 - tile) * TileQueries(problem);
        int end = Math.Min(problem.Queries, begin + TileQueries(problem));
        ComputeTile(
            problem, call.Q.Head<float>(batch, head), call.K.Head<float>(batch, kvHead), call.V.Head<float>(batch, kvHead),
            call.O.Head<float>(batch, head), begin, end, call.OwnFloats);
    }

    private int TilesPerHead(AttentionProblem problem) => (problem.Queries - 1) / TileQueries(problem) + 1;
}
