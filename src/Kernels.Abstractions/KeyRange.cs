namespace Kernels.Abstractions;

/// <summary>The keys <c>Begin ≤ key &lt; End</c>; empty when <c>End ≤ Begin</c>.</summary>
public readonly record struct KeyRange(int Begin, int End)
{
    /// <summary>Number of keys, never negative.</summary>
    public int Length => Math.Max(0, End - Begin);

    /// <summary>Whether the range has no key.</summary>
    public bool IsEmpty => End <= Begin;

    /// <summary>Whether <paramref name="key"/> is in the range.</summary>
    public bool Contains(int key) => key >= Begin && key < End;

    /// <summary>The keys in both ranges.</summary>
    public KeyRange Intersect(KeyRange other) => new(Math.Max(Begin, other.Begin), Math.Min(End, other.End));

    /// <summary>The smallest range that holds both; an empty range adds nothing.</summary>
    public KeyRange Union(KeyRange other) =>
        IsEmpty ? other
        : other.IsEmpty ? this
        : new(Math.Min(Begin, other.Begin), Math.Max(End, other.End));
}
