using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>Σφ(k) over the keys that a query sees, in float64. Where a query sees what the one before it saw and more, the sum goes on.</summary>
/// <param name="problem">Sizes and mask.</param>
/// <param name="firstHead">The first query head of the kv head.</param>
/// <param name="keys">φ(k), [keys, headDim].</param>
internal sealed class FeatureSums(AttentionProblem problem, int firstHead, double[] keys)
{
    private OrderedSum[] sums = [];
    private CompensatedSums exact;
    private KeyRange summed;

    /// <summary>Sums over the keys of a query.</summary>
    /// <param name="head">Counted from the first head.</param>
    /// <param name="query">The query.</param>
    public void MoveTo(int head, int query)
    {
        KeyRange visible = problem.VisibleKeys(query);
        bool goesOn = problem.Mask.IsContiguous && !summed.IsEmpty && visible.Begin == summed.Begin && visible.End >= summed.End;
        if (!goesOn)
        {
            (sums, exact) = (new OrderedSum[problem.HeadDim], new(problem.HeadDim));
            summed = new(visible.Begin, visible.Begin);
        }
        IEnumerable<int> added = problem.Mask.IsContiguous
            ? Enumerable.Range(summed.End, Math.Max(0, visible.End - summed.End))
            : VisibleKeys.Of(problem, firstHead + head, query);
        foreach (int key in added)
        {
            ReadOnlySpan<double> row = keys.AsSpan(key * problem.HeadDim, problem.HeadDim);
            exact.AddScaled(1, row);
            for (int c = 0; c < row.Length; c++)
                sums[c].Add(row[c]);
        }
        summed = visible;
    }

    /// <summary>φ(q)·Σφ(k), and the variance of what float32 rounds in it, in units of <see cref="RoundingNoise.Rounding"/>².</summary>
    public (double Value, double Variance) Times(ReadOnlySpan<double> query)
    {
        double[] row = new double[query.Length];
        exact.CopyTo(row);
        var value = new CompensatedSum();
        var ordered = new OrderedSum();
        double variance = 0;
        for (int c = 0; c < row.Length; c++)
        {
            value.Add(query[c] * row[c]);
            ordered.Add(query[c] * row[c]);
            variance += query[c] * query[c] * sums[c].Variance;
        }
        return (value.Value, variance + ordered.Variance);
    }
}
