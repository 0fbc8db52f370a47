namespace Kernels.Primitives.Decode;

/// <summary>Sizes of decoding, for every instruction set.</summary>
public static class DecodeLayout
{
    /// <summary>The most rows; with more, the problem is bound by arithmetic and not by reading.</summary>
    public const int MaxRows = 16;

    /// <summary>The most keys between two updates of the softmax.</summary>
    public const int MostKeys = 128;

    /// <summary>
    /// Floats from one row of scores to the next. A tile may write scores past the block's last key; the stride is not a power of two,
    /// which avoids cache conflicts between rows.
    /// </summary>
    public const int ScoreStride = MostKeys + CacheLine.Floats;

    /// <summary>The fewest keys of <see cref="KeyBlock{TElement}"/>: those of the tallest tile.</summary>
    public const int FewestKeys = 8;
}
