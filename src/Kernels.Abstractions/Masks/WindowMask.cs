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

    /// <summary>Keys seen before a query's own position.</summary>
    public int Left { get; }

    /// <summary>Keys seen after a query's own position.</summary>
    public int Right { get; }

    /// <summary><c>window128</c> is 64 keys on each side (Longformer counts both); unequal sides read <c>window127+0</c>.</summary>
    public override string Name => Left == Right && Left > 0 ? $"window{2L * Left}" : $"window{Left}+{Right}";

    /// <inheritdoc/>
    public override KeyRange VisibleKeys(int query, int queries, int keys)
    {
        long position = (long)query + keys - queries;
        return new((int)Math.Clamp(position - Left, 0, keys), (int)Math.Clamp(position + Right + 1, 0, keys));
    }
}
