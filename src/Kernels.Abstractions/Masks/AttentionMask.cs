namespace Kernels.Abstractions;

/// <summary>
/// Which keys a query sees. Under most masks that is one range of keys, so a kernel can skip the others instead of computing their
/// scores; under sparse patterns it is several ranges, cut into <see cref="PatternPart"/>s that a kernel can enumerate.
/// </summary>
public abstract record AttentionMask
{
    private const int FewestPictureTokens = 32;

    /// <summary>Every query sees every key.</summary>
    public static AttentionMask Full { get; } = new FullMask();

    /// <summary>
    /// No query sees later keys; the last query is aligned to the last key (the convention of FlashAttention 2.1 and later,
    /// and the one that decoding with a key cache needs).
    /// </summary>
    public static AttentionMask Causal { get; } = new CausalMask(CausalAlignment.LastKey);

    /// <summary>No query sees later keys; the first query is aligned to the first key (PyTorch's <c>is_causal</c>).</summary>
    public static AttentionMask CausalTopLeft { get; } = new CausalMask(CausalAlignment.FirstKey);

    /// <summary>Each query sees itself, <paramref name="left"/> keys before and <paramref name="right"/> keys after it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A side is negative.</exception>
    public static AttentionMask Window(int left, int right) => new WindowMask(left, right);

    /// <summary>The name used on the command line and in results: <c>full</c>, <c>causal</c>, <c>window128</c> …</summary>
    public abstract string Name { get; }

    /// <summary>
    /// A range within <c>0 … keys</c> that holds every key that <paramref name="query"/> sees in any head; where the mask
    /// <see cref="IsContiguous"/>, the query sees all of it, and it is empty when the query sees none. Arguments and result are numbers of
    /// queries and keys; visibility depends on their positions, which differ by <see cref="MaskedHead.Offset"/>.
    /// </summary>
    public virtual KeyRange VisibleKeys(in MaskedHead head, int query) => new(0, head.Keys);

    /// <summary>Whether a query sees exactly <see cref="VisibleKeys"/>, each key once and in every head.</summary>
    public virtual bool IsContiguous => true;

    /// <summary>
    /// How often a key counts for a query: 0 when hidden, more than 1 where overlapping parts are combined by their log-sum-exp. The
    /// softmax weight of a key is this count times exp(score). This method defines the mask, one pair at a time.
    /// </summary>
    public virtual int Count(in MaskedHead head, int query, int key) =>
        VisibleKeys(head, query).Contains(key) ? 1 : 0;

    /// <summary>The lines of the file that defines the mask, which its name alone does not; null where the name does.</summary>
    public virtual IReadOnlyList<string>? Lines => null;

    /// <summary>Number of parts whose sum the mask is.</summary>
    public virtual int Parts => 1;

    /// <summary>A part of the mask, which can be enumerated without testing every pair; the parts add up to <see cref="Count"/>.</summary>
    public virtual PatternPart Part(int index) => RangePart.Instance;

    /// <summary>Tokens that the pattern's window, segment or block spans; on a shorter sequence it does not fit.</summary>
    public virtual int Span => 0;

    /// <summary>
    /// Why this mask does not fit the given numbers of tokens, as a message for the user; null when it fits. The mask
    /// is defined in either case: windows, segments and blocks are cut at the ends of the sequence.
    /// </summary>
    public virtual string? Misfit(int queries, int keys) =>
        Span > keys ? $"{Name} spans {Span:N0} tokens, but there are only {keys:N0} keys" : null;

    /// <summary>Tokens of a sequence for a picture of the pattern.</summary>
    public virtual int PictureTokens => Math.Max(FewestPictureTokens, 4 * Math.Min(Span, int.MaxValue / 8));

    /// <inheritdoc/>
    public sealed override string ToString() => Name;
}
