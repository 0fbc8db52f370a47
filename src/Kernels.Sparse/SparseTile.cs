using Kernels.Abstractions;
using Kernels.Flash;

namespace Kernels.Sparse;

/// <summary>The rows of one work item: neighbours in a group of a pattern's part, all of one head.</summary>
internal readonly struct SparseTile : ITileRows
{
    private readonly nint rowOffset;
    private readonly int headDim;

    /// <param name="problem">Sizes.</param>
    /// <param name="headIndex">Batch · heads + head.</param>
    /// <param name="queries">1 … <see cref="QueryTile.MaxRows"/> queries.</param>
    public SparseTile(AttentionProblem problem, int headIndex, TokenRun queries)
    {
        Queries = queries;
        rowOffset = (nint)headIndex * problem.Queries;
        headDim = problem.HeadDim;
    }

    /// <summary>The queries of the rows.</summary>
    public TokenRun Queries { get; }

    /// <inheritdoc/>
    public int Rows => Queries.Count;

    /// <summary>Where a row is among the rows of all heads.</summary>
    public nint Row(int row) => rowOffset + Queries[row];

    /// <inheritdoc/>
    public nint RowOffset(int row) => Row(row) * headDim;
}
