namespace Kernels.Abstractions;

/// <summary>
/// Sliding window: a query at position p sees keys p − <see cref="Left"/> … p + <see cref="Right"/>. The last query is aligned to
/// the last key. Longformer (Beltagy et al. 2020, section 3.1); <c>Right = 0</c> is the causal window of Mistral 7B.
/// </summary>
public sealed record WindowMask : AttentionMask
{
    /// <summary>Creates a window of <paramref name="left"/> keys before and <paramref name="right"/> keys after each query.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A side is negative.</exception>
    public WindowMask(int left, int right)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(left);
        ArgumentOutOfRangeException.ThrowIfNegative(right);
        Left = left;
        Right = right;
    }

    /// <summary>Parses the name: an even total such as <c>window128</c> means 64 keys on each side.</summary>
    public static MaskForm Form { get; } = new(
        "window128", "window8", @"window(?<left>[0-9]+)(\+(?<right>[0-9]+))?",
        numbers =>
        {
            (int left, int right) = Sides(numbers);
            return new WindowMask(left, right);
        });

    /// <summary>Keys seen before a query's own position.</summary>
    public int Left { get; }

    /// <summary>Keys seen after a query's own position.</summary>
    public int Right { get; }

    /// <summary><c>window128</c> is 64 keys on each side (Longformer counts both); unequal sides read <c>window127+0</c>.</summary>
    public override string Name => Left == Right && Left > 0 ? $"window{2L * Left}" : $"window{Left}+{Right}";

    /// <inheritdoc/>
    public override int Span => Math.Max(Left, Right);

    /// <inheritdoc/>
    public override KeyRange VisibleKeys(in MaskedHead head, int query)
    {
        long own = (long)query + head.Offset;
        return new((int)Math.Clamp(own - Left, 0, head.Keys), (int)Math.Clamp(own + Right + 1, 0, head.Keys));
    }

    /// <summary>Both sides of a window in a name: <c>left</c> and <c>right</c>, or an even total in <c>left</c>.</summary>
    internal static (int Left, int Right) Sides(MaskNumbers numbers)
    {
        if (numbers.Has("right"))
            return (numbers.AtLeast("left", 0, "window"), numbers.AtLeast("right", 0, "window"));
        int total = numbers.AtLeast("left", 1, "window");
        return total % 2 == 0
            ? (total / 2, total / 2)
            : throw numbers.Error($"half of {total} on each side is no whole number of keys; write both sides, such as {total / 2}+{total - total / 2}");
    }
}
