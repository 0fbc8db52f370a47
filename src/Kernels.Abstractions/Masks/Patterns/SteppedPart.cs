namespace Kernels.Abstractions;

/// <summary>
/// A window with gaps: a query at position p sees p + i·step for <c>first ≤ i ≤ last</c>. Queries with the same position modulo the step
/// are a group: among the tokens of that residue, each has an ordinary window.
/// </summary>
/// <param name="Step">Distance between keys, at least 1.</param>
/// <param name="First">First multiple of the step; <see cref="int.MinValue"/> for the beginning of the sequence.</param>
/// <param name="Last">Last multiple of the step.</param>
internal sealed record SteppedPart(int Step, int First, int Last) : PatternPart
{
    public override int Groups(in MaskedHead head) => Math.Min(Step, head.Queries);

    public override int MostRows(in MaskedHead head) => (head.Queries - 1) / Step + 1;

    public override bool HasEveryRow(in MaskedHead head) => true;

    public override TokenRun Rows(in MaskedHead head, int group) => TokenRun.Stepped(group, head.Queries, Step);

    public override int Group(in MaskedHead head, int query) => query % Step;

    public override bool TryNext(in MaskedHead head, int group, TokenRun rows, ref int cursor, out TokenRun keys, out bool covered)
    {
        // Both ends increase with the position.
        long begin = FirstKey(head, rows.Begin), end = LastKey(head, rows.Last);
        covered = false;
        keys = end < begin ? default : new((int)begin, Step, (int)((end - begin) / Step) + 1);
        return cursor++ == 0 && keys.Count > 0;
    }

    public override KeyRange Seen(in MaskedHead head, int query, TokenRun keys)
    {
        long begin = (FirstKey(head, query) - keys.Begin) / Step, end = (LastKey(head, query) - keys.Begin) / Step + 1;
        return LastKey(head, query) < FirstKey(head, query) ? default : new((int)begin, (int)Math.Min(end, keys.Count));
    }

    private long FirstKey(in MaskedHead head, int query)
    {
        long position = (long)query + head.Offset, key = position + (long)First * Step;
        return key >= 0 ? key : (position % Step + Step) % Step;
    }

    private long LastKey(in MaskedHead head, int query)
    {
        long position = (long)query + head.Offset, key = position + (long)Last * Step;
        return key < head.Keys ? key : key - ((key - head.Keys) / Step + 1) * Step;
    }
}
