using Kernels.Abstractions;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Flash.Tiles;

/// <summary>The mask of one query tile: which keys to visit, and which scores to hide among those visited.</summary>
internal readonly ref struct VisibleKeys<TSet>
    where TSet : struct, IInstructionSet
{
    private readonly Span<KeyRange> rows;
    private readonly KeyRange all;

    /// <param name="problem">The mask.</param>
    /// <param name="tile">The rows.</param>
    /// <param name="memory">Room for a range a row.</param>
    public VisibleKeys(AttentionProblem problem, QueryTile<TSet> tile, Span<KeyRange> memory)
    {
        rows = memory[..tile.Rows];
        if (problem.Mask is FullMask)
        {
            Any = all = new KeyRange(0, problem.Keys);
            rows.Fill(all);
            return;
        }
        for (int row = 0; row < rows.Length; row++)
            rows[row] = problem.VisibleKeys(tile.Query(row));
        (Any, all) = Extent(rows);
    }

    /// <summary>
    /// Keys that need not be contiguous, numbered in the order in which they are visited; each row sees a range of these numbers.
    /// </summary>
    public VisibleKeys(Span<KeyRange> rows)
    {
        this.rows = rows;
        (Any, all) = Extent(rows);
    }

    /// <summary>Keys that all <paramref name="rows"/> rows see.</summary>
    /// <param name="keys">The keys, numbered in the order in which they are visited.</param>
    /// <param name="rows">Rows of the tile.</param>
    /// <param name="memory">Room for a range a row.</param>
    public VisibleKeys(KeyRange keys, int rows, Span<KeyRange> memory)
    {
        this.rows = memory[..rows];
        this.rows.Fill(keys);
        Any = all = keys;
    }

    /// <summary>The keys that some row sees; the others are never read.</summary>
    public KeyRange Any { get; }

    /// <summary>
    /// Keys that every row sees, from one to another or nearest to these: at least those of a register tile, as far as there are any.
    /// </summary>
    /// <param name="first">The one.</param>
    /// <param name="last">The other, not before it.</param>
    /// <param name="most">The most keys, those of a register tile or more.</param>
    public KeyRange Near(int first, int last, int most)
    {
        if (all.IsEmpty)
            return default;
        int end = Math.Clamp(last + 1, Math.Min(all.End, all.Begin + TSet.TileRows), all.End);
        return new KeyRange(Math.Max(Math.Max(all.Begin, end - most), Math.Min(first, end - TSet.TileRows)), end);
    }

    /// <summary>Marks the rows that see a key; the others keep their mark.</summary>
    public void MarkSeeing(Span<bool> seeing)
    {
        for (int row = 0; row < rows.Length; row++)
            seeing[row] |= !rows[row].IsEmpty;
    }

    // Keys that every row sees come first, so that the first block sets the lazy reference of every row.
    private int Start => all.End - all.Begin >= TSet.CoveredMultiple ? all.Begin : Any.Begin;

    /// <summary>The first block to visit, no longer than <paramref name="most"/>; empty when no row sees a key.</summary>
    public KeyRange First(int most) => Block(Start, most);

    /// <summary>The block to visit after another one; empty after the last.</summary>
    public KeyRange After(KeyRange block, int most)
    {
        int next = block.End == Any.End ? Any.Begin : block.End;
        return next == Start ? default : Block(next, most);
    }

    /// <summary>
    /// The block that begins at a key: no longer than <paramref name="most"/>, empty at the end of <see cref="Any"/>, and cut where the
    /// keys that all rows see begin and end, so that only keys near the mask's edge are computed as masked. The keys that all rows see are
    /// cut evenly, because a short last block would update the output as often as a long one.
    /// </summary>
    private KeyRange Block(int begin, int most)
    {
        int end = Math.Min(Any.End, begin + most);
        if (begin < all.Begin)
            return new KeyRange(begin, Math.Min(end, all.Begin));
        if (end < all.End)
            return new KeyRange(begin, begin + EvenPart(all.End - begin, most));
        if (begin >= all.End || end == all.End)
            return new KeyRange(begin, end);
        // Whole register tiles; the remaining keys are computed as masked.
        int covered = (all.End - begin) / TSet.CoveredMultiple * TSet.CoveredMultiple;
        return new KeyRange(begin, covered > 0 ? begin + covered : end);
    }

    /// <summary>The keys of a block that some row in <c>begin … begin + count</c> sees; rows beyond the tile see none.</summary>
    public KeyRange SeenBy(int begin, int count, KeyRange block)
    {
        KeyRange any = default;
        for (int row = begin; row < Math.Min(rows.Length, begin + count); row++)
            any = any.Union(rows[row].Intersect(block));
        return any;
    }

    /// <summary>Sets the scores [key of the block, row] that are not visible to −∞.</summary>
    public unsafe void Hide(float* scores, KeyRange block)
    {
        if (Covers(block))
            return;
        for (int row = 0; row < rows.Length; row++)
        {
            KeyRange seen = rows[row].Intersect(block);
            if (seen.IsEmpty)
                seen = new KeyRange(block.End, block.End);
            Fill(scores + row, 0, seen.Begin - block.Begin);
            Fill(scores + row, seen.End - block.Begin, block.Length);
        }
    }

    /// <summary>Whether every row sees every key of a block.</summary>
    public bool Covers(KeyRange block) => all.Begin <= block.Begin && block.End <= all.End;

    private static (KeyRange Any, KeyRange All) Extent(ReadOnlySpan<KeyRange> rows)
    {
        KeyRange any = default, all = rows[0];
        foreach (KeyRange row in rows)
        {
            any = any.Union(row);
            all = all.Intersect(row);
        }
        return (any, all);
    }

    /// <summary>
    /// The first of as few equal parts of <paramref name="keys"/> as <paramref name="most"/> allows, in whole register tiles.
    /// </summary>
    private static int EvenPart(int keys, int most)
    {
        int parts = (keys - 1) / most + 1, part = (keys - 1) / parts + 1;
        return (part + TSet.KeyMultiple - 1) / TSet.KeyMultiple * TSet.KeyMultiple;
    }

    private static unsafe void Fill(float* column, int begin, int end)
    {
        for (int key = begin; key < end; key++)
            column[(nint)key * TSet.ScoreStride] = float.NegativeInfinity;
    }
}
