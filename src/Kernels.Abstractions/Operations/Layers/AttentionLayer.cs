namespace Kernels.Abstractions;

/// <summary>A layer with multi-head attention in it, whose four projections it has as operands.</summary>
public abstract record AttentionLayer : LayerOperation
{
    private AttentionOperation attention = Operations.Softmax;

    /// <summary>What attention may be.</summary>
    public static IReadOnlyList<AttentionOperation> Attentions => [Operations.Softmax, Operations.SoftmaxAlibi, Operations.LinearElu];

    /// <summary>
    /// What a head computes of its queries, keys and values. Linear attention (Katharopoulos et al. 2020, equations 4 and 7) is another function than softmax:
    /// weights that were trained for one are none for the other.
    /// </summary>
    /// <exception cref="ArgumentException">It is none of <see cref="Attentions"/>.</exception>
    public AttentionOperation Attention
    {
        get => attention;
        init => attention = Attentions.Contains(value) ? value : throw new ArgumentException($"{value} cannot be the attention of a layer.");
    }

    /// <summary>
    /// Whether there is attention to the rows c of an encoder: in multi-head attention keys and values are of these, in a layer it comes between
    /// self-attention and feed-forward network.
    /// </summary>
    public bool Cross { get; init; }

    /// <summary>Whether scores have the biases of ALiBi.</summary>
    public bool Alibi => Attention is SoftmaxAlibi;

    /// <summary>Whether attention is linear.</summary>
    public bool Linear => Attention is LinearEluAttention;

    /// <summary>The end of the name of a layer with this attention.</summary>
    public static string SuffixOf(AttentionOperation attention) =>
        attention == Operations.Softmax ? "" : $"-{attention.Name.Replace("softmax-", "", StringComparison.Ordinal)}";

    private protected string Suffix => SuffixOf(Attention);

    /// <summary>Why there are no biases by distance; null where there are, or need not be.</summary>
    private protected string? WhyNotBiases => Alibi && Cross ? $"{Name} has biases in self-attention, which attention to an encoder beside it has not" : null;

    /// <summary>The four projections of multi-head attention with their biases; names begin with a prefix.</summary>
    private protected IEnumerable<Operand> Projections(string prefix, LayerProblem problem, Format format)
    {
        foreach ((string each, int from, int to) in ((string, int, int)[])
            [("q", problem.Width, problem.QueryWidth), ("k", problem.Width, problem.KeyWidth), ("v", problem.Width, problem.KeyWidth),
                ("o", problem.QueryWidth, problem.Width)])
        {
            yield return Weights($"{prefix}w{each}", format, from, to);
            yield return Vector($"{prefix}b{each}", to);
        }
    }

    /// <summary>
    /// Operations of multi-head attention: projections of queries and of <paramref name="keys"/> rows, attention, and the projection of its output.
    /// </summary>
    private protected double AttentionFlops(LayerProblem problem, int keys, AttentionProblem core) =>
        4.0 * problem.Batch * problem.Width * ((double)problem.Queries * problem.QueryWidth + (double)keys * problem.KeyWidth) + Attention.Flops(core);
}
