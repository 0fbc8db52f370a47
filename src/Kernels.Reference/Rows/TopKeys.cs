namespace Kernels.Reference;

/// <summary>The keys with the largest scores, compared in float64 with compensated sums.</summary>
public static class TopKeys
{
    /// <summary>
    /// Indices of the selected keys of k [keys, headDim], ascending; of equal scores the earlier is selected, and NaN counts as the
    /// largest.
    /// </summary>
    public static int[] Select(ReadOnlySpan<float> q, ReadOnlySpan<float> k, double scale, int count)
    {
        double[] descending = new double[k.Length / q.Length];
        for (int key = 0; key < descending.Length; key++)
            descending[key] = -scale * CompensatedSum.Dot(q, k.Slice(key * q.Length, q.Length));
        int[] order = [.. Enumerable.Range(0, descending.Length).OrderBy(key => descending[key]).Take(count)];
        Array.Sort(order);
        return order;
    }

    /// <summary>Copies rows of [rows, headDim].</summary>
    public static float[] Gather(ReadOnlySpan<float> rows, ReadOnlySpan<int> chosen, int headDim)
    {
        float[] gathered = new float[chosen.Length * headDim];
        for (int row = 0; row < chosen.Length; row++)
            rows.Slice(chosen[row] * headDim, headDim).CopyTo(gathered.AsSpan(row * headDim));
        return gathered;
    }
}
