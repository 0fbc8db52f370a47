using Kernels.Abstractions;

namespace Kernels.Gpu.Masks;

/// <summary>A mask as ranges of keys, which device kernels read from memory.</summary>
internal static class MaskRanges
{
    /// <summary>For each query the keys that it sees; 0 and 0 when it sees none.</summary>
    /// <param name="problem">The mask and the lengths.</param>
    /// <param name="ranges">[queries], written.</param>
    public static void OfQueries(AttentionProblem problem, Span<KeyRange> ranges)
    {
        for (int query = 0; query < problem.Queries; query++)
            ranges[query] = problem.VisibleKeys(query) is { IsEmpty: false } visible ? visible : default;
    }

    /// <summary>Tiles of <paramref name="rows"/> queries in a head.</summary>
    public static int Tiles(AttentionProblem problem, int rows) => (problem.Queries + rows - 1) / rows;

    /// <summary>For each tile of queries the keys that it sees.</summary>
    /// <param name="problem">The mask and the lengths.</param>
    /// <param name="rows">Queries of a tile.</param>
    /// <param name="ranges">[tiles], written.</param>
    public static void OfTiles(AttentionProblem problem, int rows, Span<TileRange> ranges)
    {
        for (int tile = 0; tile < Tiles(problem, rows); tile++)
        {
            (int begin, int end) = (tile * rows, Math.Min((tile + 1) * rows, problem.Queries));
            KeyRange any = problem.KeysSeenByAny(begin, end);
            ranges[tile] = new(any.IsEmpty ? default : any, problem.KeysSeenByAll(begin, end));
        }
    }
}
