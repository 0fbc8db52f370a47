namespace Kernels.Abstractions;

/// <summary>Which corner of the score matrix the diagonal of a causal mask starts from, when queries and keys differ in number.</summary>
public enum CausalAlignment
{
    /// <summary>By positions; with the default positions the last query sees all keys (bottom right).</summary>
    LastKey,

    /// <summary>The first query sees only the first key (top left).</summary>
    FirstKey,
}

/// <summary>
/// A query sees no key after its own position; aligned to the first key, query i sees keys at the positions 0 … i, independent of its own.
/// </summary>
public sealed record CausalMask(CausalAlignment Alignment) : AttentionMask
{
    /// <summary>Parses the name.</summary>
    public static MaskForm Form { get; } = new(
        "causal", "causal", "causal(?<first>-topleft)?", numbers => numbers.Has("first") ? CausalTopLeft : Causal);

    /// <inheritdoc/>
    public override string Name => Alignment == CausalAlignment.LastKey ? "causal" : "causal-topleft";

    /// <inheritdoc/>
    public override KeyRange VisibleKeys(in MaskedHead head, int query)
    {
        int last = Alignment == CausalAlignment.LastKey ? query + head.Offset : query - head.KeyStart;
        return new(0, Math.Clamp(last + 1, 0, head.Keys));
    }
}
