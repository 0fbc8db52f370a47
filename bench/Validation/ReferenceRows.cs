using Kernels.Abstractions;

namespace Kernels.Bench.Validation;

/// <summary>
/// Which output rows are compared with the oracle. Small problems are compared in full. Of large ones it is the rows where kernels go
/// wrong, first, last and beside multiples of common tile sizes, and a random rest that differs from head to head.
/// </summary>
public sealed class ReferenceRows
{
    // Multiplications that the oracle does in about a second on a core.
    private const double DefaultBudget = 1e8;
    private const int FewestPerHead = 24;

    private readonly int[][] queries;

    private ReferenceRows(AttentionProblem problem, int[][] queries)
    {
        Problem = problem;
        this.queries = queries;
        Count = queries.Sum(head => (long)head.Length);
    }

    /// <summary>The problem that the rows are of.</summary>
    public AttentionProblem Problem { get; }

    /// <summary>Rows of all heads together.</summary>
    public long Count { get; }

    /// <summary>Every row.</summary>
    public static ReferenceRows All(AttentionProblem problem) => Sample(problem, problem.Queries, 0);

    /// <summary>Every row when the oracle needs no longer than a second or two for them, otherwise a sample that takes as long.</summary>
    public static ReferenceRows Choose(AttentionProblem problem, int seed = 0)
    {
        double rowCost = 2.0 * problem.Batch * problem.CountVisiblePairs() / problem.Queries * problem.HeadDim;
        double perHead = Math.Max(FewestPerHead, DefaultBudget / Math.Max(1, rowCost));
        return Sample(problem, (int)Math.Min(perHead, problem.Queries), seed);
    }

    /// <summary>About <paramref name="perHead"/> rows of each head.</summary>
    public static ReferenceRows Sample(AttentionProblem problem, int perHead, int seed)
    {
        int[][] queries = new int[problem.Batch * problem.Heads][];
        for (int head = 0; head < queries.Length; head++)
        {
            queries[head] = perHead >= problem.Queries
                ? [.. Enumerable.Range(0, problem.Queries)]
                : SampleHead(problem, perHead, seed, head);
        }
        return new(problem, queries);
    }

    /// <summary>The rows of one head, ascending; heads are counted through all batches.</summary>
    public ReadOnlySpan<int> OfHead(int headIndex) => queries[headIndex];

    private static int[] SampleHead(AttentionProblem problem, int perHead, int seed, int head)
    {
        var chosen = new SortedSet<int>();
        int last = problem.Queries - 1;
        int lastTile = last / 64 * 64;
        foreach (int query in (ReadOnlySpan<int>)[0, last, last - 1, lastTile, lastTile - 1, last / 6 * 6, 1, 63, 64, 65, 127, 128])
        {
            if (query >= 0 && query <= last && chosen.Count < perHead)
                chosen.Add(query);
        }
        var random = new SeededNormal(seed, head);
        while (chosen.Count < perHead)
            chosen.Add(random.NextIndex(problem.Queries));
        return [.. chosen];
    }
}
