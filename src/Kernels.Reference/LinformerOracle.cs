using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>Linformer's projection in float64, entry by entry, and softmax attention on what it gives.</summary>
internal static class LinformerOracle
{
    public static void Rows(
        LinformerDefinition definition, AttentionProblem problem, ReadOnlySpan<int> queries, ReadOnlySpan<float> q, ReadOnlySpan<float> k,
        ReadOnlySpan<float> v, Span<double> output)
    {
        int d = problem.HeadDim;
        double[][] keys = Project(definition, problem.Keys, k, d), values = Project(definition, problem.Keys, v, d);
        double[] weights = new double[definition.Length];
        for (int row = 0; row < queries.Length; row++)
        {
            ReadOnlySpan<float> qRow = q.Slice(queries[row] * d, d);
            for (int i = 0; i < weights.Length; i++)
                weights[i] = problem.Scale * Dot(qRow, keys[i]);
            double max = weights.Aggregate(Math.Max);
            var sum = new CompensatedSum();
            foreach (ref double weight in weights.AsSpan())
                sum.Add(weight = Math.Exp(weight - max));
            for (int c = 0; c < d; c++)
            {
                var channel = new CompensatedSum();
                for (int i = 0; i < weights.Length; i++)
                    channel.Add(weights[i] * values[i][c]);
                output[row * d + c] = channel.Value / sum.Value;
            }
        }
    }

    /// <summary>E·rows, [length][headDim]. The sums are plain float64: a million terms are off by at most 10⁻¹⁰ of their sizes.</summary>
    private static double[][] Project(LinformerDefinition definition, int keys, ReadOnlySpan<float> rows, int headDim)
    {
        double[][] projected = [.. Enumerable.Range(0, definition.Length).Select(_ => new double[headDim])];
        double[] row = new double[headDim];
        double entry = definition.Entry;
        ulong signs = 0;
        for (int key = 0; key < keys; key++)
        {
            for (int c = 0; c < headDim; c++)
                row[c] = rows[key * headDim + c];
            for (int i = 0; i < projected.Length; i++)
            {
                (int word, int bit) = Math.DivRem(i, LinformerDefinition.WordRows);
                if (bit == 0)
                    signs = definition.Signs(key, word);
                DoubleRow.AddScaled(row, (signs >> bit & 1) != 0 ? -entry : entry, projected[i]);
            }
        }
        return projected;
    }

    private static double Dot(ReadOnlySpan<float> a, double[] b)
    {
        var sum = new CompensatedSum();
        for (int c = 0; c < b.Length; c++)
            sum.Add(a[c] * b[c]);
        return sum.Value;
    }
}
