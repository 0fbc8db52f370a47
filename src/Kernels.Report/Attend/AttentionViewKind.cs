namespace Kernels.Report.Attend;

/// <summary>Which keys a query sees, and of which text they are.</summary>
public enum AttentionViewKind
{
    /// <summary>Keys of the same text, all of them.</summary>
    Self,

    /// <summary>Keys of the same text up to the query's own place; later ones are masked.</summary>
    Causal,

    /// <summary>Keys of another text, all of them.</summary>
    Cross,
}
