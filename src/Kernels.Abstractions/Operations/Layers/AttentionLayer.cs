namespace Kernels.Abstractions;

/// <summary>A layer with multi-head attention in it, whose four projections it has as operands.</summary>
public abstract record AttentionLayer : LayerOperation
{
    /// <summary>
    /// Whether a head is linear attention, Σ φ(q)·φ(k)·v / Σ φ(q)·φ(k) over the visible keys with φ(x) = elu(x) + 1 and no scale (Katharopoulos et al. 2020,
    /// equations 4 and 7), in place of softmax(q·kᵀ·scale + mask)·v. It is another function: weights that were trained for one are none for the other.
    /// </summary>
    public bool Linear { get; init; }

    /// <summary>What a head computes of its queries, keys and values.</summary>
    public AttentionOperation Attention => Linear ? Operations.LinearElu : Operations.Softmax;

    /// <summary>The end of the name of a layer with other attention than softmax.</summary>
    private protected string Suffix => Linear ? $"-{Attention.Name}" : "";

    /// <summary>The four projections of multi-head attention with their biases; names begin with a prefix.</summary>
    private protected static IEnumerable<Operand> Projections(string prefix, LayerProblem problem, Format format)
    {
        foreach ((string each, int from, int to) in ((string, int, int)[])
            [("q", problem.Width, problem.QueryWidth), ("k", problem.Width, problem.KeyWidth), ("v", problem.Width, problem.KeyWidth), ("o", problem.QueryWidth, problem.Width)])
        {
            yield return Matrix($"{prefix}w{each}", format, from, to);
            yield return Vector($"{prefix}b{each}", to);
        }
    }

    /// <summary>Operations of multi-head attention: projections of queries and of <paramref name="keys"/> rows, attention, and the projection of its output.</summary>
    private protected double AttentionFlops(LayerProblem problem, int keys, AttentionProblem core) =>
        4.0 * problem.Batch * problem.Width * ((double)problem.Queries * problem.QueryWidth + (double)keys * problem.KeyWidth) + Attention.Flops(core);
}
