using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// The definitions in float64 with compensated sums: what every kernel is judged by. Slower than a kernel, but fast enough to check the
/// shapes that are measured, and simple enough to be believed.
/// </summary>
public static class Oracle
{
    /// <summary>
    /// Whether the rows of a head have work in common, such as a state or a projection of all keys, so that they should be asked for together.
    /// </summary>
    public static bool SharesWork(Definition definition) =>
        definition is RetentionDefinition or DeltaDefinition or FavorDefinition or LinformerDefinition;

    /// <summary>Computes some output rows of one head.</summary>
    /// <param name="definition">The function to compute.</param>
    /// <param name="problem">Shapes, mask and scale.</param>
    /// <param name="head">The query head, 0 … heads − 1.</param>
    /// <param name="queries">The rows, ascending.</param>
    /// <param name="q">[queries, headDim] of the head.</param>
    /// <param name="k">[keys, headDim] of the kv head that serves it.</param>
    /// <param name="v">[keys, headDim] of the kv head that serves it.</param>
    /// <param name="output">[rows, headDim]; zeros where a query sees no key.</param>
    /// <exception cref="NotSupportedException">The definition has no oracle.</exception>
    public static void Rows(
        Definition definition, AttentionProblem problem, int head, ReadOnlySpan<int> queries, ReadOnlySpan<float> q, ReadOnlySpan<float> k,
        ReadOnlySpan<float> v, Span<double> output)
    {
        int d = problem.HeadDim;
        output.Clear();
        switch (definition)
        {
            case RetentionDefinition retention:
                RetentionOracle.Rows(problem, retention.Decay(problem.KvHead(head)), queries, q, k, v, output);
                break;
            case DeltaDefinition:
                DeltaOracle.Rows(problem, queries, q, k, v, output);
                break;
            case FavorDefinition favor:
                FavorOracle.Rows(favor, problem, queries, q, k, v, output);
                break;
            case LinformerDefinition linformer:
                LinformerOracle.Rows(linformer, problem, queries, q, k, v, output);
                break;
            default:
                for (int row = 0; row < queries.Length; row++)
                    Row(definition, problem, queries[row], q, k, v, output.Slice(row * d, d));
                break;
        }
    }

    /// <summary>Computes one output row of one head, for definitions whose rows have no work in common; under a pattern, of <see cref="VisibleTokens"/>.</summary>
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
        ReadOnlySpan<float> qRow = q.Slice(query * d, d);
        ReadOnlySpan<float> visibleK = k.Slice(visible.Begin * d, visible.Length * d), visibleV = v.Slice(visible.Begin * d, visible.Length * d);
        if (definition is TopKDefinition topK)
        {
            int[] kept = TopKeys.Select(qRow, visibleK, problem.Scale, topK.Count);
            visibleK = TopKeys.Gather(visibleK, kept, d);
            visibleV = TopKeys.Gather(visibleV, kept, d);
        }
        double[] weights = new double[visibleK.Length / d];
        if (definition == Definition.Softmax || definition is TopKDefinition)
            SoftmaxOracle.Weights(qRow, visibleK, problem.Scale, weights);
        else if (definition == Definition.LinearElu)
            LinearEluOracle.Weights(qRow, visibleK, weights);
        else
            throw new NotSupportedException($"No float64 oracle for the definition '{definition.Name}'.");
        WeightedMean(weights, visibleV, output);
    }

    /// <summary>Σ weight·v / Σ weight.</summary>
    internal static void WeightedMean(ReadOnlySpan<double> weights, ReadOnlySpan<float> v, Span<double> output)
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
