namespace Kernels.Report.Attend;

/// <summary>How strongly one head links a query to a key.</summary>
/// <param name="Layer">From 0.</param>
/// <param name="Head">From 0.</param>
/// <param name="Weight">The weight of the key for the query.</param>
/// <param name="OtherKey">The key with the largest weight among all others; −1 where no other is visible.</param>
/// <param name="OtherWeight">Its weight.</param>
public sealed record HeadLink(int Layer, int Head, double Weight, int OtherKey, double OtherWeight)
{
    /// <summary>
    /// Every head of a view, by descending weight from <paramref name="query"/> to <paramref name="key"/>, then by layer and head.
    /// </summary>
    /// <param name="view">Queries, keys and mask.</param>
    /// <param name="query">The token that asks, from 0.</param>
    /// <param name="key">The token that is asked, from 0.</param>
    /// <param name="multiple">The scale as a multiple of 1/√d.</param>
    public static IReadOnlyList<HeadLink> Of(AttentionView view, int query, int key, double multiple = 1)
    {
        var links = new List<HeadLink>();
        for (int layer = 0; layer < view.Tensors.Layers; layer++)
        {
            for (int head = 0; head < view.Tensors.Heads; head++)
            {
                double[] row = AttentionWeights.RowOf(view, layer, head, query, multiple);
                links.Add(Of(layer, head, key, row, other => view.Sees(query, other)));
            }
        }
        return [.. links.OrderByDescending(link => link.Weight)];
    }

    private static HeadLink Of(int layer, int head, int key, double[] row, Func<int, bool> sees)
    {
        int strongest = -1;
        for (int other = 0; other < row.Length; other++)
        {
            if (other != key && sees(other) && (strongest < 0 || row[other] > row[strongest]))
                strongest = other;
        }
        return new HeadLink(layer, head, row[key], strongest, strongest < 0 ? 0 : row[strongest]);
    }
}
