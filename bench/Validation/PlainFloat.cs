using Kernels.Abstractions;

namespace Kernels.Bench.Validation;

/// <summary>
/// The definitions in plain float32, one output row at a time, in two orders of summation: what float32 itself loses, which is what a
/// kernel's error is compared with. Two orders, because a single one is now and then right by luck, on small problems above all.
/// </summary>
internal static class PlainFloat
{
    /// <summary>Number of orders.</summary>
    public const int Orders = 2;

    private const int Lanes = 8;

    /// <summary>Computes one output row [headDim]; arguments as for <see cref="Naive.Oracle.Row"/>.</summary>
    public static void Row(
        Definition definition, AttentionProblem problem, int query, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v,
        int order, Span<float> output)
    {
        KeyRange visible = problem.VisibleKeys(query);
        int d = problem.HeadDim;
        output.Clear();
        if (visible.IsEmpty)
            return;
        int lanes = order == 0 ? 1 : Lanes;
        float[] weights = new float[visible.Length];
        ReadOnlySpan<float> qRow = q.Slice(query * d, d);
        ReadOnlySpan<float> visibleK = k.Slice(visible.Begin * d, visible.Length * d);
        if (definition == Definition.Softmax)
            SoftmaxWeights(qRow, visibleK, problem.Scale, lanes, weights);
        else if (definition == Definition.LinearElu)
            LinearEluWeights(qRow, visibleK, lanes, weights);
        else
            throw new NotSupportedException($"No plain float32 computation for the definition '{definition.Name}'.");
        WeightedMean(weights, v.Slice(visible.Begin * d, visible.Length * d), lanes, output);
    }

    private static void SoftmaxWeights(ReadOnlySpan<float> q, ReadOnlySpan<float> k, float scale, int lanes, Span<float> weights)
    {
        // The second order scales the query beforehand, as many kernels do: that rounds elsewhere.
        float[] scaled = q.ToArray();
        if (lanes > 1)
            for (int c = 0; c < scaled.Length; c++)
                scaled[c] *= scale;
        float max = float.NegativeInfinity;
        for (int key = 0; key < weights.Length; key++)
        {
            float score = Dot(scaled, k.Slice(key * q.Length, q.Length), lanes);
            weights[key] = lanes > 1 ? score : score * scale;
            max = MathF.Max(max, weights[key]);
        }
        for (int key = 0; key < weights.Length; key++)
            weights[key] = MathF.Exp(weights[key] - max);
    }

    private static void LinearEluWeights(ReadOnlySpan<float> q, ReadOnlySpan<float> k, int lanes, Span<float> weights)
    {
        float[] qFeatures = Features(q), kFeatures = Features(k);
        for (int key = 0; key < weights.Length; key++)
            weights[key] = Dot(qFeatures, kFeatures.AsSpan(key * q.Length, q.Length), lanes);
    }

    private static float[] Features(ReadOnlySpan<float> x)
    {
        float[] features = new float[x.Length];
        for (int i = 0; i < x.Length; i++)
            features[i] = x[i] > 0 ? x[i] + 1 : MathF.Exp(x[i]);
        return features;
    }

    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b, int lanes)
    {
        Span<float> sums = stackalloc float[lanes];
        sums.Clear();
        for (int c = 0; c < a.Length; c++)
            sums[c % lanes] += a[c] * b[c];
        return Total(sums);
    }

    private static void WeightedMean(ReadOnlySpan<float> weights, ReadOnlySpan<float> v, int lanes, Span<float> output)
    {
        int d = output.Length;
        Span<float> sums = stackalloc float[lanes];
        sums.Clear();
        float[] rows = new float[lanes * d];
        for (int key = 0; key < weights.Length; key++)
        {
            float weight = weights[key];
            sums[key % lanes] += weight;
            Span<float> row = rows.AsSpan(key % lanes * d, d);
            ReadOnlySpan<float> value = v.Slice(key * d, d);
            for (int c = 0; c < d; c++)
                row[c] += weight * value[c];
        }
        float sum = Total(sums);
        for (int lane = 0; lane < lanes; lane++)
            for (int c = 0; c < d; c++)
                output[c] += rows[lane * d + c];
        for (int c = 0; c < d; c++)
            output[c] /= sum;
    }

    private static float Total(ReadOnlySpan<float> sums)
    {
        float total = 0;
        foreach (float sum in sums)
            total += sum;
        return total;
    }
}
