using Kernels.Abstractions;

namespace Kernels.Naive;

/// <summary>
/// The definitions in float64 with compensated sums: what every kernel is judged by. Slower than a kernel, but fast enough to check the
/// shapes that are measured, and simple enough to be believed.
/// </summary>
public static class Oracle
{
    /// <summary>Computes one output row of one head; under a mask of several ranges a query, use <see cref="VisibleTokens"/> first.</summary>
    /// <param name="definition">The function to compute.</param>
    /// <param name="problem">Shapes, mask and scale.</param>
    /// <param name="query">The row, 0 … queries − 1.</param>
    /// <param name="q">[queries, headDim] of the head.</param>
    /// <param name="k">[keys, headDim] of the kv head that serves it.</param>
    /// <param name="v">[keys, headDim] of the kv head that serves it.</param>
    /// <param name="output">[headDim]; zeros when the query sees no key.</param>
    /// <exception cref="NotSupportedException">The definition has no oracle, or the mask shows a query more than one range.</exception>
    public static void Row(
        Definition definition, AttentionProblem problem, int query, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v,
        Span<double> output)
    {
        if (!problem.Mask.IsContiguous)
            throw new NotSupportedException($"{problem.Mask} shows a query more than one range of keys.");
        KeyRange visible = problem.VisibleKeys(query);
        output.Clear();
        if (visible.IsEmpty)
            return;
        int d = problem.HeadDim;
        double[] weights = new double[visible.Length];
        ReadOnlySpan<float> qRow = q.Slice(query * d, d);
        ReadOnlySpan<float> visibleK = k.Slice(visible.Begin * d, visible.Length * d);
        if (definition == Definition.Softmax)
            SoftmaxOracle.Weights(qRow, visibleK, problem.Scale, weights);
        else if (definition == Definition.LinearElu)
            LinearEluOracle.Weights(qRow, visibleK, weights);
        else
            throw new NotSupportedException($"No float64 oracle for the definition '{definition.Name}'.");
        WeightedMean(weights, v.Slice(visible.Begin * d, visible.Length * d), output);
    }

    private static void WeightedMean(ReadOnlySpan<double> weights, ReadOnlySpan<float> v, Span<double> output)
    {
        var sums = new CompensatedSums(output.Length);
        var sum = new CompensatedSum();
        for (int key = 0; key < weights.Length; key++)
        {
            sum.Add(weights[key]);
            sums.AddScaled(weights[key], v.Slice(key * output.Length, output.Length));
        }
        sums.CopyTo(output);
        for (int c = 0; c < output.Length; c++)
            output[c] /= sum.Value;
    }
}
