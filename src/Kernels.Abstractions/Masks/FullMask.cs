namespace Kernels.Abstractions;

/// <summary>Every query sees every key.</summary>
public sealed record FullMask : AttentionMask
{
    /// <summary>Parses the name.</summary>
    public static MaskForm Form { get; } = new("full", "full", "full", _ => Full);

    /// <inheritdoc/>
    public override string Name => "full";

    /// <inheritdoc/>
    public override KeyRange VisibleKeys(in MaskedHead head, int query) => new(0, head.Keys);
}
