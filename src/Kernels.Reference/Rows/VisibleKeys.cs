using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>The keys that a query sees, from <see cref="AttentionMask.Count"/> pair by pair.</summary>
public static class VisibleKeys
{
    /// <summary>The keys that a query of a head sees, ascending, each as often as it counts.</summary>
    public static int[] Of(AttentionProblem problem, int head, int query)
    {
        var keys = new List<int>();
        KeyRange range = problem.VisibleKeys(query);
        for (int key = range.Begin; key < range.End; key++)
            for (int count = problem.Mask.Count(problem.Head(head), query, key); count > 0; count--)
                keys.Add(key);
        return [.. keys];
    }
}
