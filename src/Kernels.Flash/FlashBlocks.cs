using Kernels.Abstractions;
using Kernels.Primitives;

namespace Kernels.Flash;

/// <summary>The sizes of the blocks that a query tile works in.</summary>
/// <param name="HeadDim">Channels of a head.</param>
/// <param name="Channels">Head dimension rounded up to whole vectors.</param>
/// <param name="Keys">The most keys between two visits to the output, a multiple of <see cref="KeyMultiple"/>.</param>
internal readonly record struct FlashBlocks(int HeadDim, int Channels, int Keys)
{
    /// <summary>Whole register tiles, of 8 keys and of 6.</summary>
    public const int KeyMultiple = 24;

    /// <summary>More keys win nothing, however large the cache; with fewer, reading and writing the output costs more than their nearness wins.</summary>
    public const int MostKeys = 240;

    // Of all register tiles that multiply keys.
    private const int MostTileKeys = 8;

    /// <summary>Floats of the values that are copied to be padded to whole vectors; none when the head dimension is whole vectors.</summary>
    public int PackedValues => Channels == HeadDim ? 0 : Keys * Channels;

    /// <summary>Floats of one register tile of keys.</summary>
    public int LastKeys => MostTileKeys * HeadDim;

    public static FlashBlocks Of<TSimd, TVector>(AttentionProblem problem)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged =>
        Of(problem.HeadDim, TSimd.Width, CacheSize.SecondLevel);

    /// <summary>The blocks for vectors of <paramref name="width"/> floats and a second-level cache of so many bytes.</summary>
    internal static FlashBlocks Of(int headDim, int width, long cache)
    {
        int channels = (headDim + width - 1) / width * width;
        // Queries and output of the tile stay; the block's keys, values and scores come and go. Half is left to what comes next.
        long tile = QueryTile.MaxRows * (headDim + channels), key = headDim + channels + QueryTile.MaxRows;
        long fitting = (cache / 2 / sizeof(float) - tile) / key / KeyMultiple * KeyMultiple;
        return new(headDim, channels, (int)Math.Clamp(fitting, KeyMultiple, MostKeys));
    }
}
