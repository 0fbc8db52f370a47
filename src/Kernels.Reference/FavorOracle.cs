using System.Numerics;
using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// FAVOR+ by its direct form: the weight of every pair of query and key on its own, as a logarithm, so that nothing overflows or vanishes.
/// </summary>
internal static class FavorOracle
{
    public static void Rows(
        FavorDefinition definition, AttentionProblem problem, ReadOnlySpan<int> queries, ReadOnlySpan<float> q, ReadOnlySpan<float> k,
        ReadOnlySpan<float> v, Span<double> output)
    {
        int d = problem.HeadDim;
        float[] directions = Transposed(definition.Directions(d), d);
        double root = Math.Sqrt(Math.Abs((double)problem.Scale)), sign = Math.Sign(problem.Scale);
        var queryFeatures = new (double Log, double[] Features)[queries.Length];
        for (int row = 0; row < queries.Length; row++)
            queryFeatures[row] = Features(directions, q.Slice(queries[row] * d, d), sign * root, 0);
        double[][] logs = new double[queries.Length][];
        for (int row = 0; row < queries.Length; row++)
            logs[row] = new double[problem.VisibleKeys(queries[row]).End];
        for (int key = 0; key < problem.Keys && Array.Exists(logs, row => row.Length > key); key++)
        {
            ReadOnlySpan<float> kRow = k.Slice(key * d, d);
            (double log, double[] features) = Features(directions, kRow, root, root * root * CompensatedSum.Dot(kRow, kRow) / 2);
            for (int row = 0; row < logs.Length; row++)
            {
                if (key < logs[row].Length)
                    logs[row][key] = queryFeatures[row].Log + log + Math.Log(Dot(queryFeatures[row].Features, features));
            }
        }
        for (int row = 0; row < queries.Length; row++)
        {
            double max = logs[row].Length == 0 ? 0 : logs[row].Max();
            double[] weights = Array.ConvertAll(logs[row], log => Math.Exp(log - max));
            if (weights.Length > 0)
                Oracle.WeightedMean(weights, v[..(weights.Length * d)], output.Slice(row * d, d));
        }
    }

    /// <summary>exp(factor·ωᵢ·x − less) for every direction, divided by the largest, whose logarithm is returned.</summary>
    private static (double Log, double[] Features) Features(float[] directions, ReadOnlySpan<float> x, double factor, double less)
    {
        double[] features = new double[directions.Length / x.Length];
        for (int i = 0; i < features.Length; i++)
            features[i] = factor * Dot(directions.AsSpan(i * x.Length, x.Length), x) - less;
        double max = features[0];
        foreach (double log in features)
            max = Math.Max(max, log);
        for (int i = 0; i < features.Length; i++)
            features[i] = Math.Exp(features[i] - max);
        return (max, features);
    }

    /// <summary>ω·x. Products of float32 numbers are exact; their sum is off by 10⁻¹⁶ of its terms, and an exponent need not be better.</summary>
    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        int width = Vector<float>.Count, c = 0;
        Vector<double> low = default, high = default;
        for (; Vector.IsHardwareAccelerated && c <= a.Length - width; c += width)
        {
            Vector.Widen(new Vector<float>(a[c..]), out Vector<double> aLow, out Vector<double> aHigh);
            Vector.Widen(new Vector<float>(b[c..]), out Vector<double> bLow, out Vector<double> bHigh);
            low += aLow * bLow;
            high += aHigh * bHigh;
        }
        double sum = Vector.Sum(low + high);
        for (; c < a.Length; c++)
            sum += (double)a[c] * b[c];
        return sum;
    }

    private static double Dot(double[] a, double[] b)
    {
        int width = Vector<double>.Count;
        Vector<double> sums = default;
        int i = 0;
        for (; Vector.IsHardwareAccelerated && i <= a.Length - width; i += width)
            sums += new Vector<double>(a, i) * new Vector<double>(b, i);
        // Positive terms: no digit cancels.
        double sum = Vector.Sum(sums);
        for (; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    private static float[] Transposed(ReadOnlySpan<float> columns, int headDim)
    {
        float[] rows = new float[columns.Length];
        int features = columns.Length / headDim;
        for (int i = 0; i < rows.Length; i++)
            rows[i] = columns[i % headDim * features + i / headDim];
        return rows;
    }
}
