using Kernels.Abstractions;
using Kernels.Flash.Tiles;

namespace Kernels.Sparse;

/// <summary>The rows of one work item: consecutive rows of a group of a pattern's part, all of one head.</summary>
/// <param name="batch">The sequence.</param>
/// <param name="head">The query head.</param>
/// <param name="queries">The queries of the rows; at most a tile of them where they are computed.</param>
internal readonly struct SparseTile(int batch, int head, TokenRun queries) : ITileRows
{
    /// <summary>The queries of the rows.</summary>
    public TokenRun Queries => queries;

    /// <inheritdoc/>
    public int Rows => queries.Count;

    /// <inheritdoc/>
    public bool IsEvenlySpaced => true;

    /// <inheritdoc/>
    public nint Offset(in Layout layout, int row) => layout.Offset(batch, head, queries[row]);
}
