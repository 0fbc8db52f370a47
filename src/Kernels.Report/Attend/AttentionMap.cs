namespace Kernels.Report.Attend;

/// <summary>The heat map of one head as a drawing.</summary>
internal sealed record AttentionMap : Drawing
{
    /// <summary>Tokens and mask.</summary>
    public required AttentionView View { get; init; }

    /// <summary>What is drawn.</summary>
    public required AttentionWeights Weights { get; init; }
}
