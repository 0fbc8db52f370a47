using Kernels.Abstractions;

namespace Kernels.Flash;

/// <summary>
/// The rows of one work item: consecutive queries of all the heads that share a kv head, query by query, so that keys and values are
/// read once for the group however few queries there are (one, when decoding).
/// </summary>
internal readonly struct QueryTile : ITileRows
{
    /// <summary>
    /// A multiple of every register tile's rows (8, 6) and lanes (48, 16, 8). Small, so that a causal mask wastes little at the diagonal:
    /// 24 keys a row.
    /// </summary>
    public const int MaxRows = 48;

    private readonly AttentionProblem problem;
    private readonly int group, firstHead, firstRow;

    public QueryTile(AttentionProblem problem, int item)
    {
        this.problem = problem;
        int tiles = TilesPerKvHead(problem);
        (int kvHead, int tile) = Math.DivRem(item, tiles);
        group = problem.Heads / problem.KvHeads;
        firstHead = kvHead * group;
        // The last tile first: under a causal mask it is the longest, and threads that share the work should end with short pieces.
        firstRow = (tiles - 1 - tile) * MaxRows;
        Rows = Math.Min(MaxRows, group * problem.Queries - firstRow);
        KeyOffset = (nint)kvHead * problem.Keys * problem.HeadDim;
    }

    /// <inheritdoc/>
    public int Rows { get; }

    /// <summary>Whether the rows are those of one head, so that they lie side by side.</summary>
    public bool IsOneHead => group == 1;

    /// <summary>
    /// Where the rows of the next two work items begin in q, as far as they are of one head: of two threads that take turns, each
    /// meets one of them. For tiles of one head.
    /// </summary>
    public nint FollowingRows
    {
        get
        {
            if (firstRow > 0)
                return RowOffset(Math.Max(-2 * MaxRows, -firstRow));
            int nextHead = Math.Min(firstHead + 1, problem.Batch * problem.Heads - 1);
            return ((nint)nextHead * problem.Queries + Math.Max(0, TilesPerKvHead(problem) - 2) * MaxRows) * problem.HeadDim;
        }
    }

    /// <summary>Where the tile's keys begin in k, and its values in v.</summary>
    public nint KeyOffset { get; }

    public static int Count(AttentionProblem problem) => problem.Batch * problem.KvHeads * TilesPerKvHead(problem);

    /// <summary>The query of a row, whose mask applies.</summary>
    public int Query(int row) => Locate(row).Query;

    /// <inheritdoc/>
    public nint RowOffset(int row)
    {
        (int query, int head) = Locate(row);
        return ((nint)(firstHead + head) * problem.Queries + query) * problem.HeadDim;
    }

    // Divisions would be felt in short problems.
    private (int Query, int Head) Locate(int row) => group == 1 ? (firstRow + row, 0) : Math.DivRem(firstRow + row, group);

    private static int TilesPerKvHead(AttentionProblem problem) =>
        (problem.Heads / problem.KvHeads * problem.Queries - 1) / MaxRows + 1;
}
