namespace Kernels.Report.Charts;

/// <summary>Places labels in a column as near to their lines as possible without overlap.</summary>
public static class LabelColumn
{
    /// <summary>
    /// Positions at least <paramref name="gap"/> apart within <paramref name="top"/> … <paramref name="bottom"/> that minimise the sum of
    /// squared distances to the wanted ones, in the order given. (Without the limits this is isotonic regression, solved by pooling.)
    /// </summary>
    public static double[] Place(IReadOnlyList<double> wanted, double gap, double top, double bottom)
    {
        int[] order = [.. Enumerable.Range(0, wanted.Count).OrderBy(index => wanted[index])];
        var pools = new List<(double Sum, int Count)>();
        for (int rank = 0; rank < order.Length; rank++)
        {
            // With the gaps taken out, "at least a gap apart" becomes "not descending".
            pools.Add((wanted[order[rank]] - rank * gap, 1));
            while (pools.Count > 1 && Mean(pools[^2]) > Mean(pools[^1]))
            {
                pools[^2] = (pools[^2].Sum + pools[^1].Sum, pools[^2].Count + pools[^1].Count);
                pools.RemoveAt(pools.Count - 1);
            }
        }
        double last = Math.Max(top, bottom - (order.Length - 1) * gap);
        double[] placed = new double[order.Length];
        int next = 0;
        foreach ((double Sum, int Count) pool in pools)
        {
            for (int member = 0; member < pool.Count; member++, next++)
                placed[order[next]] = Math.Clamp(Mean(pool), top, last) + next * gap;
        }
        return placed;
    }

    private static double Mean((double Sum, int Count) pool) => pool.Sum / pool.Count;
}
