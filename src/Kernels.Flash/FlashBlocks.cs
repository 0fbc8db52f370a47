using Kernels.Abstractions;
using Kernels.Simd.Vectors;

namespace Kernels.Flash;

/// <summary>The sizes of the blocks that a query tile works in.</summary>
/// <param name="HeadDim">Channels of a head.</param>
/// <param name="Channels">Head dimension rounded up to whole vectors.</param>
internal readonly record struct FlashBlocks(int HeadDim, int Channels)
{
    /// <summary>
    /// Keys between two visits to the output: a multiple of 8 and 6, which register tiles take at once. At headDim 64 their scores, keys
    /// and values are about 50 KB each, so all stay in a second-level cache of 256 KB or more while the tile works on them; with fewer
    /// keys, reading and writing the output costs more than their nearness wins.
    /// </summary>
    public const int Keys = 240;

    // Of all register tiles that multiply keys.
    private const int MostTileKeys = 8;

    /// <summary>Floats of the values that are copied to be padded to whole vectors; none when the head dimension is whole vectors.</summary>
    public int PackedValues => Channels == HeadDim ? 0 : Keys * Channels;

    /// <summary>Floats of one register tile of keys.</summary>
    public int LastKeys => MostTileKeys * HeadDim;

    public static FlashBlocks Of<TSimd, TVector>(AttentionProblem problem)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged =>
        new(problem.HeadDim, (problem.HeadDim + TSimd.Width - 1) / TSimd.Width * TSimd.Width);
}
