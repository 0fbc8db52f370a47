namespace Kernels.Abstractions;

/// <summary>
/// Which keys a query sees. Every mask here shows a query one range of keys, so a kernel can skip what is outside it
/// instead of computing scores and throwing them away.
/// </summary>
public abstract record AttentionMask
{
    /// <summary>Every query sees every key.</summary>
    public static AttentionMask Full { get; } = new FullMask();

    /// <summary>
    /// No query sees the future, with the last query aligned to the last key (the convention of FlashAttention 2.1 and later,
    /// and the one that decoding with a key cache needs).
    /// </summary>
    public static AttentionMask Causal { get; } = new CausalMask(CausalAlignment.LastKey);

    /// <summary>No query sees the future, with the first query aligned to the first key (PyTorch's <c>is_causal</c>).</summary>
    public static AttentionMask CausalTopLeft { get; } = new CausalMask(CausalAlignment.FirstKey);

    /// <summary>Each query sees itself, <paramref name="left"/> keys before and <paramref name="right"/> keys after it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A side is negative.</exception>
    public static AttentionMask Window(int left, int right) => new WindowMask(left, right);

    /// <summary>The name used on the command line and in results: <c>full</c>, <c>causal</c>, <c>window128</c> …</summary>
    public abstract string Name { get; }

    /// <summary>The keys that <paramref name="query"/> sees, within <c>0 … keys</c>; empty when it sees none.</summary>
    public abstract KeyRange VisibleKeys(int query, int queries, int keys);

    /// <inheritdoc/>
    public sealed override string ToString() => Name;
}
