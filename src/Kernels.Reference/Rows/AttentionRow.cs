using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// One row of attention: a query and the keys that it sees, each as often as it counts. Under a contiguous mask the keys are read in place,
/// otherwise they are gathered.
/// </summary>
internal readonly ref struct AttentionRow
{
    /// <summary>[headDim].</summary>
    public required ReadOnlySpan<float> Q { get; init; }

    /// <summary>[keys, headDim].</summary>
    public required ReadOnlySpan<float> K { get; init; }

    /// <summary>[keys, valueDim].</summary>
    public required ReadOnlySpan<float> V { get; init; }

    /// <summary>Factor of the scores.</summary>
    public required float Scale { get; init; }

    /// <summary>What is added to the scaled scores, [keys]; empty for nothing.</summary>
    public ReadOnlySpan<double> Bias { get; init; }

    /// <summary>Keys that the query sees.</summary>
    public int Keys => K.Length / Q.Length;

    /// <summary>Channels of a value.</summary>
    public int ValueDim => Keys == 0 ? 0 : V.Length / Keys;

    /// <summary>The row of a query; heads are counted through all batches. It has no keys where the query sees none.</summary>
    public static AttentionRow Of(Inputs inputs, int headIndex, int query)
    {
        var problem = (AttentionProblem)inputs.Problem;
        int d = problem.HeadDim, valueDim = problem.ValueDim;
        ReadOnlySpan<float> q = inputs.HeadQ(headIndex).Slice(query * d, d), k = inputs.HeadK(headIndex), v = inputs.HeadV(headIndex);
        if (problem.Mask.IsContiguous)
        {
            KeyRange visible = problem.VisibleKeys(query);
            return new()
            {
                Q = q,
                K = visible.IsEmpty ? [] : k.Slice(visible.Begin * d, visible.Length * d),
                V = visible.IsEmpty ? [] : v.Slice(visible.Begin * valueDim, visible.Length * valueDim),
                Scale = problem.Scale,
            };
        }
        int[] keys = VisibleKeys.Of(problem, headIndex % problem.Heads, query);
        return new() { Q = q, K = TopKeys.Gather(k, keys, d), V = TopKeys.Gather(v, keys, valueDim), Scale = problem.Scale };
    }

    /// <summary>The same query on other keys.</summary>
    public AttentionRow On(ReadOnlySpan<float> k, ReadOnlySpan<float> v) => new() { Q = Q, K = k, V = v, Scale = Scale };

    /// <summary>The same row with a bias.</summary>
    /// <param name="bias">[keys].</param>
    public AttentionRow With(ReadOnlySpan<double> bias) => new() { Q = Q, K = K, V = V, Scale = Scale, Bias = bias };

    /// <summary>What is added to the scaled score of a key.</summary>
    public double BiasOf(int key) => Bias.IsEmpty ? 0 : Bias[key];
}
