namespace Kernels.Abstractions;

/// <summary>Every query sees every key.</summary>
public sealed record FullMask : AttentionMask
{
    /// <inheritdoc/>
    public override string Name => "full";

    /// <inheritdoc/>
    public override KeyRange VisibleKeys(int query, int queries, int keys) => new(0, keys);
}
