using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>One row of softmax attention in plain float32.</summary>
internal static class PlainSoftmax
{
    /// <summary>Computes a row and returns its log-sum-exp.</summary>
    /// <param name="row">Query, keys, scale and bias.</param>
    /// <param name="lse">Score of one more key; null for none.</param>
    /// <param name="values">[keys, valueDim], that of the last key included.</param>
    /// <param name="way">0 … <see cref="OperationReference.Ways"/> − 1; see <see cref="PlainFloat"/>.</param>
    /// <param name="products">Format to which weights are rounded where they multiply values.</param>
    /// <param name="output">[valueDim], zeros before.</param>
    public static float Row(AttentionRow row, float? lse, ReadOnlySpan<float> values, int way, Element products, Span<float> output)
    {
        float[] weights = Scores(row, lse, way);
        float max = float.NegativeInfinity;
        foreach (float score in weights)
            max = MathF.Max(max, score);
        for (int key = 0; key < weights.Length; key++)
            weights[key] = way == 2 ? float.Exp2(weights[key] - max) : MathF.Exp(weights[key] - max);
        float sum = PlainFloat.WeightedMean(weights, values, PlainFloat.LanesOf(way), output, products);
        return way == 2 ? (max + MathF.Log2(sum)) * (1 / MathF.Log2(MathF.E)) : max + MathF.Log(sum);
    }

    // In units of log₂ e in the third variant.
    private static float[] Scores(AttentionRow row, float? lse, int way)
    {
        float[] scores = new float[row.Keys + (lse is null ? 0 : 1)], query = row.Q.ToArray();
        for (int c = 0; way == 1 && c < query.Length; c++)
            query[c] *= row.Scale;
        float factor = way == 0 ? row.Scale : way == 1 ? 1 : row.Scale * MathF.Log2(MathF.E);
        for (int key = 0; key < row.Keys; key++)
            scores[key] = PlainFloat.Dot(query, row.K.Slice(key * query.Length, query.Length), PlainFloat.LanesOf(way)) * factor;
        for (int key = 0; key < row.Bias.Length; key++)
            scores[key] += way == 2 ? (float)row.Bias[key] * MathF.Log2(MathF.E) : (float)row.Bias[key];
        if (lse is { } known)
            scores[^1] = way == 2 ? known * MathF.Log2(MathF.E) : known;
        return scores;
    }
}
