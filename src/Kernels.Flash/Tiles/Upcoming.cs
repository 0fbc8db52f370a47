namespace Kernels.Flash.Tiles;

/// <summary>
/// What comes after a block: two stretches of memory that are fetched into the second-level cache while the block's values are
/// multiplied, one line a step, because processors foresee neither the jump from one block to the next nor that from tile to tile.
/// </summary>
internal readonly unsafe struct Upcoming
{
    /// <param name="first">Fetched during the first half of the product; null for nothing.</param>
    /// <param name="second">Fetched during the second half; null for nothing.</param>
    public Upcoming(float* first, float* second)
    {
        First = first;
        Second = second;
    }

    /// <summary>Fetched during the first half of the product; null for nothing.</summary>
    public float* First { get; }

    /// <summary>Fetched during the second half; null for nothing.</summary>
    public float* Second { get; }
}
