namespace Kernels.Report.Attend;

/// <summary>Tokens with the queries and keys of every head, and the mask between them.</summary>
public sealed class AttentionView
{
    /// <summary>Makes a view.</summary>
    /// <param name="kind">Which keys a query sees.</param>
    /// <param name="queryTokens">The tokens that ask, any text: they are never markup.</param>
    /// <param name="keyTokens">The tokens that are asked; the same ones unless the view is cross.</param>
    /// <param name="tensors">Queries and keys; views that share one object have it in the page once.</param>
    /// <param name="note">What a reader must know of these numbers, shown beside the view; null for nothing.</param>
    /// <exception cref="ArgumentException">The tokens are not as many as the tensors have, or a view of one text has two.</exception>
    public AttentionView(
        AttentionViewKind kind, IReadOnlyList<string> queryTokens, IReadOnlyList<string> keyTokens, AttentionTensors tensors,
        string? note = null)
    {
        if (queryTokens.Count != tensors.Queries || keyTokens.Count != tensors.Keys)
        {
            throw new ArgumentException(
                $"There are {queryTokens.Count} and {keyTokens.Count} tokens for {tensors.Queries} queries and {tensors.Keys} keys.",
                nameof(tensors));
        }
        if (kind != AttentionViewKind.Cross && !queryTokens.SequenceEqual(keyTokens))
            throw new ArgumentException("Queries and keys of one text have the same tokens.", nameof(keyTokens));
        (Kind, QueryTokens, KeyTokens, Tensors, Note) = (kind, queryTokens, keyTokens, tensors, note);
    }

    /// <summary>Which keys a query sees.</summary>
    public AttentionViewKind Kind { get; }

    /// <summary>The tokens that ask.</summary>
    public IReadOnlyList<string> QueryTokens { get; }

    /// <summary>The tokens that are asked.</summary>
    public IReadOnlyList<string> KeyTokens { get; }

    /// <summary>Queries and keys of all heads.</summary>
    public AttentionTensors Tensors { get; }

    /// <summary>What a reader must know of these numbers; null for nothing.</summary>
    public string? Note { get; }

    /// <summary>Whether a query sees a key; both are places in the text, from 0.</summary>
    public bool Sees(int query, int key) => Kind != AttentionViewKind.Causal || key <= query;
}
