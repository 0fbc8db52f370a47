using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// The definition of attention under any mask, by that of attention without one: a row is attention of its query over the keys that it
/// sees, each as often as <see cref="AttentionMask.Count"/> says.
/// </summary>
/// <param name="Problem">One query, the keys that it sees, no mask, the same scale.</param>
/// <param name="Q">[headDim].</param>
/// <param name="K">[keys, headDim].</param>
/// <param name="V">[keys, headDim].</param>
public sealed record VisibleTokens(AttentionProblem Problem, float[] Q, float[] K, float[] V)
{
    /// <summary>What one query of one head sees, pair by pair; null when it sees nothing.</summary>
    /// <param name="problem">Shapes, mask and scale.</param>
    /// <param name="head">The query head.</param>
    /// <param name="query">The query.</param>
    /// <param name="q">[queries, headDim] of the head.</param>
    /// <param name="k">[keys, headDim] of the kv head that serves it.</param>
    /// <param name="v">[keys, headDim] of the kv head that serves it.</param>
    public static VisibleTokens? Of(
        AttentionProblem problem, int head, int query, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v)
    {
        int[] keys = Keys(problem, head, query);
        if (keys.Length == 0)
            return null;
        int d = problem.HeadDim;
        return new(
            new AttentionProblem(1, 1, 1, 1, keys.Length, d, AttentionMask.Full, problem.Scale), q.Slice(query * d, d).ToArray(),
            Rows(k, keys, d), Rows(v, keys, d));
    }

    /// <summary>The keys that a query sees, ascending, each as often as it counts.</summary>
    public static int[] Keys(AttentionProblem problem, int head, int query)
    {
        var keys = new List<int>();
        KeyRange range = problem.VisibleKeys(query);
        for (int key = range.Begin; key < range.End; key++)
            for (int count = problem.Mask.Count(problem.Head(head), query, key); count > 0; count--)
                keys.Add(key);
        return [.. keys];
    }

    private static float[] Rows(ReadOnlySpan<float> tokens, int[] chosen, int d)
    {
        float[] rows = new float[chosen.Length * d];
        for (int i = 0; i < chosen.Length; i++)
            tokens.Slice(chosen[i] * d, d).CopyTo(rows.AsSpan(i * d));
        return rows;
    }
}
