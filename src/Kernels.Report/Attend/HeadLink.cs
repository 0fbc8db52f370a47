namespace Kernels.Report.Attend;

/// <summary>How strongly one head links a query to a key.</summary>
/// <param name="Layer">From 0.</param>
/// <param name="Head">From 0.</param>
/// <param name="Weight">The weight of the key for the query.</param>
public sealed record HeadLink(int Layer, int Head, double Weight)
{
    /// <summary>
    /// Every head of a view, by descending weight from <paramref name="query"/> to <paramref name="key"/>, then by layer and head.
    /// </summary>
    /// <param name="view">Queries, keys and mask.</param>
    /// <param name="query">The token that asks, from 0.</param>
    /// <param name="key">The token that is asked, from 0.</param>
    public static IReadOnlyList<HeadLink> Of(AttentionView view, int query, int key) =>
    [
        .. from layer in Enumerable.Range(0, view.Tensors.Layers)
           from head in Enumerable.Range(0, view.Tensors.Heads)
           let weight = AttentionWeights.RowOf(view, layer, head, query)[key]
           orderby weight descending
           select new HeadLink(layer, head, weight),
    ];
}
