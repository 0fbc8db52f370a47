using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// The delta rule by its recurrence, in plain float64: a step is off by about 10⁻¹⁶, which no sequence brings near the rounding of float32.
/// </summary>
internal static class DeltaOracle
{
    public static void Rows(
        AttentionProblem problem, ReadOnlySpan<int> queries, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v,
        Span<double> output)
    {
        int d = problem.HeadDim, seen = 0;
        double[][] state = [.. Enumerable.Range(0, d).Select(_ => new double[d])];
        for (int row = 0; row < queries.Length; row++)
        {
            int visible = problem.VisibleKeys(queries[row]).End;
            for (; seen < visible; seen++)
                Replace(state, Unit(k.Slice(seen * d, d)), v.Slice(seen * d, d));
            if (visible > 0)
                Add(state, Unit(q.Slice(queries[row] * d, d)), output.Slice(row * d, d));
        }
    }

    private static void Replace(double[][] state, double[] unit, ReadOnlySpan<float> v)
    {
        double[] stored = new double[v.Length], change = new double[v.Length];
        Add(state, unit, stored);
        for (int c = 0; c < v.Length; c++)
            change[c] = v[c] - stored[c];
        for (int i = 0; i < state.Length; i++)
            DoubleRow.AddScaled(change, unit[i], state[i]);
    }

    /// <summary>sum += xᵀ·state.</summary>
    private static void Add(double[][] state, double[] x, Span<double> sum)
    {
        for (int i = 0; i < state.Length; i++)
            DoubleRow.AddScaled(state[i], x[i], sum);
    }

    private static double[] Unit(ReadOnlySpan<float> x)
    {
        double length = Math.Sqrt(CompensatedSum.Dot(x, x));
        double[] unit = new double[x.Length];
        for (int c = 0; c < unit.Length; c++)
            unit[c] = length == 0 ? 0 : x[c] / length;
        return unit;
    }
}
