namespace Kernels.Abstractions;

/// <summary>The only part of a contiguous mask: all rows, and the keys that some of them see.</summary>
internal sealed record RangePart : PatternPart
{
    public static RangePart Instance { get; } = new();

    public override int Groups(in MaskedHead head) => 1;

    public override int MostRows(in MaskedHead head) => head.Queries;

    public override bool HasEveryRow(in MaskedHead head) => true;

    public override TokenRun Rows(in MaskedHead head, int group) => TokenRun.Range(0, head.Queries);

    public override int Group(in MaskedHead head, int query) => 0;

    public override bool TryNext(in MaskedHead head, int group, TokenRun rows, ref int cursor, out TokenRun keys, out bool covered)
    {
        KeyRange any = default;
        for (int row = 0; row < rows.Count; row++)
            any = any.Union(head.Mask.VisibleKeys(head, rows[row]));
        keys = TokenRun.Range(any.Begin, any.End);
        covered = false;
        return cursor++ == 0 && keys.Count > 0;
    }

    public override KeyRange Seen(in MaskedHead head, int query, TokenRun keys)
    {
        KeyRange seen = head.Mask.VisibleKeys(head, query).Intersect(new(keys.Begin, keys.Begin + keys.Count));
        return seen.IsEmpty ? default : new(seen.Begin - keys.Begin, seen.End - keys.Begin);
    }
}
