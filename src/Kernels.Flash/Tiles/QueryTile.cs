using System.Runtime.CompilerServices;
using Kernels.Abstractions;
using Kernels.Flash.Distances;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Flash.Tiles;

/// <summary>
/// The rows of one work item: consecutive queries of all the heads that share a kv head, query by query, so that keys and values are
/// read once for the group however few queries there are (one, when decoding).
/// </summary>
internal readonly struct QueryTile<TSet> : ITileRows
    where TSet : struct, IInstructionSet
{
    private readonly AttentionProblem problem;
    private readonly int group, firstRow;

    public QueryTile(AttentionProblem problem, int item)
    {
        this.problem = problem;
        int tiles = TilesPerKvHead(problem);
        (int kvHead, int tile) = Math.DivRem(item, tiles);
        (Batch, KvHead) = Math.DivRem(kvHead, problem.KvHeads);
        group = problem.Heads / problem.KvHeads;
        // Last tile first: under a causal mask it is the longest, and short items at the end balance the threads.
        firstRow = (tiles - 1 - tile) * TSet.QueryRows;
        Rows = Math.Min(TSet.QueryRows, group * problem.Queries - firstRow);
    }

    /// <inheritdoc/>
    public int Rows { get; }

    /// <summary>The sequence of the rows.</summary>
    public int Batch { get; }

    /// <summary>The head of their keys and values.</summary>
    public int KvHead { get; }

    /// <inheritdoc/>
    /// <remarks>When they are those of one head.</remarks>
    public bool IsEvenlySpaced => group == 1;

    public static int Count(AttentionProblem problem) => problem.Batch * problem.KvHeads * TilesPerKvHead(problem);

    /// <summary>The query of a row, whose mask applies.</summary>
    public int Query(int row) => Locate(row).Query;

    /// <summary>
    /// The bias of a problem with slopes for the rows, and for the lanes behind them up to whole vectors, which repeat the last row.
    /// </summary>
    /// <param name="memory"><see cref="DistanceBias.Length"/> floats for <see cref="IInstructionSet.QueryRows"/> rows.</param>
    public unsafe DistanceBias Distances(float* memory)
    {
        var bias = new DistanceBias(memory, TSet.QueryRows);
        for (int row = 0; row < InstructionSet.WholeVectors<TSet>(Rows); row++)
        {
            (int query, int head) = Locate(Math.Min(row, Rows - 1));
            // Rows of one head are a group apart.
            float slope = row >= Rows ? bias.Slope(Rows - 1)
                : row >= group ? bias.Slope(row - group)
                : DistanceBias.UnscaledSlope(problem, KvHead * group + head);
            bias.Set(row, slope, DistanceBias.Nearest(problem, query));
        }
        return bias;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public nint Offset(in Layout layout, int row)
    {
        (int query, int head) = Locate(row);
        return layout.Offset(Batch, KvHead * group + head, query);
    }

    /// <summary>
    /// Where the rows of the next two work items begin in q, as far as they are in the same head: with two threads, one of them is the
    /// thread's next item. For tiles of one head.
    /// </summary>
    public nint FollowingRows(in Layout layout)
    {
        if (firstRow > 0)
            return Offset(layout, Math.Max(-2 * TSet.QueryRows, -firstRow));
        int next = Math.Min(Batch * problem.Heads + KvHead + 1, problem.Batch * problem.Heads - 1);
        (int batch, int head) = Math.DivRem(next, problem.Heads);
        return layout.Offset(batch, head, Math.Max(0, TilesPerKvHead(problem) - 2) * TSet.QueryRows);
    }

    // Divisions cost noticeable time in short problems.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (int Query, int Head) Locate(int row) => group == 1 ? (firstRow + row, 0) : Math.DivRem(firstRow + row, group);

    private static int TilesPerKvHead(AttentionProblem problem) =>
        (problem.Heads / problem.KvHeads * problem.Queries - 1) / TSet.QueryRows + 1;
}
