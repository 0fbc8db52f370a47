namespace Kernels.Primitives.Decode;

/// <summary>Sizes of decoding that suit every instruction set.</summary>
public static class DecodeLayout
{
    /// <summary>More rows are work for a kernel that is bound by arithmetic, not by reading.</summary>
    public const int MaxRows = 16;

    /// <summary>
    /// Keys between two updates of the softmax. At headDim 128 a block of keys and one of values are 128 KB together, so both stay in a
    /// second-level cache while several passes of rows and channels read them. Every update interrupts the multiply-adds: on a Zen 4, one
    /// thread was about 5 % slower in cache with blocks of 64; on two threads they could not be told apart.
    /// </summary>
    public const int Keys = 128;

    /// <summary>
    /// Floats from one row of scores to the next. A tile may write scores past the block's last key, and rows that are not a power of two
    /// apart do not compete for the same place in the cache.
    /// </summary>
    public const int ScoreStride = Keys + CacheLine.Floats;

    /// <summary>The fewest keys of <see cref="KeyBlock{TElement}"/>: those of the tallest tile.</summary>
    public const int FewestKeys = 8;
}
