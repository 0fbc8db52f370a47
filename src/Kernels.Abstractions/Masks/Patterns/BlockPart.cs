namespace Kernels.Abstractions;

/// <summary>The part of a block pattern: a group is a row of blocks, a run is a maximal sequence of adjacent visible blocks.</summary>
internal sealed record BlockPart : PatternPart
{
    public static BlockPart Instance { get; } = new();

    public override int Groups(in MaskedHead head) =>
        ((Pattern(head).IsAligned ? head.Keys : head.Queries) - 1) / Pattern(head).BlockSize + 1;

    public override int MostRows(in MaskedHead head) => Math.Min(head.Queries, Pattern(head).BlockSize);

    public override bool HasEveryRow(in MaskedHead head) => !Pattern(head).IsAligned || head.Offset >= 0;

    public override TokenRun Rows(in MaskedHead head, int group)
    {
        int size = Pattern(head).BlockSize;
        int last = Pattern(head).IsAligned ? head.Keys : head.Queries;
        int begin = group * size, end = (int)Math.Min(last, (long)begin + size);
        return Pattern(head).IsAligned ? head.QueriesAt(begin, end) : TokenRun.Range(begin, end);
    }

    public override int Group(in MaskedHead head, int query)
    {
        int row = Pattern(head).IsAligned ? query + head.Offset : query;
        return row >= 0 ? row / Pattern(head).BlockSize : -1;
    }

    public override bool TryNext(in MaskedHead head, int group, TokenRun rows, ref int cursor, out TokenRun keys, out bool covered)
    {
        IBlockPattern pattern = Pattern(head);
        int blocks = (head.Keys - 1) / pattern.BlockSize + 1;
        int begin = pattern.NextBlock(head, group, cursor), end = begin + 1;
        covered = true;
        if (begin >= blocks)
        {
            keys = default;
            return false;
        }
        while (end < blocks && pattern.NextBlock(head, group, end) == end)
            end++;
        cursor = end;
        keys = TokenRun.Range(begin * pattern.BlockSize, (int)Math.Min(head.Keys, (long)end * pattern.BlockSize));
        return true;
    }

    /// <summary><see cref="AttentionMask.Count"/> of a block pattern.</summary>
    public static int Count(in MaskedHead head, int query, int key)
    {
        IBlockPattern pattern = Pattern(head);
        int row = Instance.Group(head, query), column = key / pattern.BlockSize;
        return row >= 0 && pattern.NextBlock(head, row, column) == column ? 1 : 0;
    }

    private static IBlockPattern Pattern(in MaskedHead head) => (IBlockPattern)head.Mask;
}
