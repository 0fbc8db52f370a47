namespace Kernels.Abstractions;

/// <summary>
/// A part of a mask, in the form that kernels enumerate to skip hidden keys: groups of rows that see nearly the same keys, and for each
/// group the runs of keys that it sees. Within a run a row sees consecutive keys. Groups of one part are disjoint. Overlapping parts add
/// up: a key counts once for each part that shows it. Parts have no state and allocate nothing; one instance serves all problems.
/// </summary>
public abstract record PatternPart
{
    /// <summary>Number of groups; some may be empty.</summary>
    public abstract int Groups(in MaskedHead head);

    /// <summary>Rows of the largest group, or more.</summary>
    public abstract int MostRows(in MaskedHead head);

    /// <summary>Whether the groups together contain every query of every head.</summary>
    public abstract bool HasEveryRow(in MaskedHead head);

    /// <summary>The queries of a group.</summary>
    public abstract TokenRun Rows(in MaskedHead head, int group);

    /// <summary>The group of a query; −1 when it is in none.</summary>
    public abstract int Group(in MaskedHead head, int query);

    /// <summary>Finds the next run of keys that some of <paramref name="rows"/> see; runs of the same rows have no key in common.</summary>
    /// <param name="head">The head.</param>
    /// <param name="group">The group.</param>
    /// <param name="rows">Some of its rows, at least one.</param>
    /// <param name="cursor">0 before the first call; then state of the part.</param>
    /// <param name="keys">The run, not empty; some row sees each of its keys, unless there is a gap between what two rows see.</param>
    /// <param name="covered">Whether every row sees all of it; otherwise <see cref="Seen"/> gives what each row sees.</param>
    public abstract bool TryNext(in MaskedHead head, int group, TokenRun rows, ref int cursor, out TokenRun keys, out bool covered);

    /// <summary>Which keys of a run that is not covered a query sees, as numbers within the run; empty when none.</summary>
    public virtual KeyRange Seen(in MaskedHead head, int query, TokenRun keys) => new(0, keys.Count);

    /// <summary>Whether the part shows a query any key.</summary>
    public bool Sees(in MaskedHead head, int query)
    {
        int group = Group(head, query), cursor = 0;
        return group >= 0 && TryNext(head, group, TokenRun.Range(query, query + 1), ref cursor, out _, out _);
    }

    /// <summary>Pairs that the part shows in one head.</summary>
    public long Pairs(in MaskedHead head)
    {
        long pairs = 0;
        for (int group = 0; group < Groups(head); group++)
        {
            TokenRun rows = Rows(head, group);
            int cursor = 0;
            while (rows.Count > 0 && TryNext(head, group, rows, ref cursor, out TokenRun keys, out bool covered))
            {
                if (covered)
                    pairs += (long)rows.Count * keys.Count;
                for (int row = 0; row < rows.Count && !covered; row++)
                    pairs += Seen(head, rows[row], keys).Length;
            }
        }
        return pairs;
    }
}
