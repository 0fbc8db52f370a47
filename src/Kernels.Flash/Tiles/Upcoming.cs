namespace Kernels.Flash.Tiles;

/// <summary>
/// Two ranges of memory that are needed after a block. They are prefetched into the second-level cache while the block's values are
/// multiplied, one line a step, because hardware prefetchers predict neither the jump to the next block nor that to the next tile.
/// </summary>
internal readonly unsafe struct Upcoming
{
    /// <param name="first">Prefetched during the first half of the product; null for nothing.</param>
    /// <param name="second">Prefetched during the second half; null for nothing.</param>
    public Upcoming(float* first, float* second)
    {
        First = first;
        Second = second;
    }

    /// <summary>Prefetched during the first half of the product; null for nothing.</summary>
    public float* First { get; }

    /// <summary>Prefetched during the second half; null for nothing.</summary>
    public float* Second { get; }
}
