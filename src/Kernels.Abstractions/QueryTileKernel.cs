namespace Kernels.Abstractions;

/// <summary>
/// A kernel that computes one tile of consecutive queries of one head at a time, so that even a single head keeps several threads busy.
/// The last tile of a head may be smaller.
/// </summary>
public abstract class QueryTileKernel : AttentionKernel
{
    /// <summary>Queries in a tile, at least 1.</summary>
    protected abstract int TileQueries(AttentionProblem problem);

    /// <summary>Computes the output rows <c>begin … end</c> of one head.</summary>
    /// <param name="problem">Shapes, mask and scale of the whole problem; its mask counts queries from the head's first.</param>
    /// <param name="q">[queries, headDim] of the head.</param>
    /// <param name="k">[keys, headDim] of the head's kv head.</param>
    /// <param name="v">[keys, headDim] of the head's kv head.</param>
    /// <param name="output">[queries, headDim] of the head; only the tile's rows may be written, and all of them must be.</param>
    /// <param name="begin">First query of the tile.</param>
    /// <param name="end">One past its last.</param>
    /// <param name="scratch">As long as <see cref="AttentionKernel.ScratchLength"/> says, with arbitrary contents.</param>
    protected abstract void ComputeTile(
        AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> output,
        int begin, int end, Span<float> scratch);

    /// <inheritdoc/>
    protected internal sealed override int WorkItems(AttentionProblem problem) => problem.Batch * problem.Heads * TilesPerHead(problem);

    /// <inheritdoc/>
    protected internal sealed override void Compute(AttentionProblem problem, in AttentionTensors tensors, int item, Span<float> scratch)
    {
        int tiles = TilesPerHead(problem);
        (int headItem, int tile) = Math.DivRem(item, tiles);
        (int batch, int head) = Math.DivRem(headItem, problem.Heads);
        // The last tile first: under a causal mask it is the longest, and threads that share the work should end with short pieces.
        int begin = (tiles - 1 - tile) * TileQueries(problem);
        int end = Math.Min(problem.Queries, begin + TileQueries(problem));
        ComputeTile(
            problem, tensors.Q(batch, head), tensors.K(batch, head), tensors.V(batch, head), tensors.Output(batch, head), begin, end, scratch);
    }

    private int TilesPerHead(AttentionProblem problem) => (problem.Queries - 1) / TileQueries(problem) + 1;
}
