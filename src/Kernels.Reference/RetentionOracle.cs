using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>Retention by its direct form: every visible key on its own, with the power of the decay that its distance gives.</summary>
internal static class RetentionOracle
{
    public static void Rows(
        AttentionProblem problem, double decay, ReadOnlySpan<int> queries, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v,
        Span<double> output)
    {
        int d = problem.HeadDim;
        for (int row = 0; row < queries.Length; row++)
        {
            var sums = new CompensatedSums(d);
            double power = problem.Scale;
            for (int key = problem.VisibleKeys(queries[row]).End - 1; key >= 0; key--, power *= decay)
                sums.AddScaled(power * CompensatedSum.Dot(q.Slice(queries[row] * d, d), k.Slice(key * d, d)), v.Slice(key * d, d));
            sums.CopyTo(output.Slice(row * d, d));
        }
    }
}
