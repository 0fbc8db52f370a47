using Kernels.Abstractions;
using Kernels.Flash.Tiles;
using Kernels.Simd.Vectors;

namespace Kernels.Flash;

/// <summary>The sizes of the blocks that a query tile works in.</summary>
/// <param name="HeadDim">Channels of a head.</param>
/// <param name="Keys">Keys between two updates of the softmax.</param>
/// <param name="Channels">Head dimension rounded up to whole vectors.</param>
internal readonly record struct FlashBlocks(int HeadDim, int Keys, int Channels)
{
    // Of all register tiles that multiply keys.
    private const int MostTileKeys = 8;

    /// <summary>Floats of one block of values padded to whole vectors; none when the head dimension is whole vectors.</summary>
    public int PackedValues => Channels == HeadDim ? 0 : Keys * Channels;

    /// <summary>Floats of one register tile of keys.</summary>
    public int LastKeys => MostTileKeys * HeadDim;

    /// <summary>Whether values must be packed before they can be read in whole vectors.</summary>
    public bool PacksValues => PackedValues > 0;

    public static FlashBlocks Of<TSimd, TVector, TTile>(AttentionProblem problem)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
        where TTile : struct, IRegisterTile
    {
        // 240 keys: at headDim 64 their scores, keys and values are about 50 KB each, so all stay in a second-level cache of 256 KB or more
        // while the tile works on them. On Zen 4 (1 MB) sizes from 96 to 256 could not be told apart reliably.
        int keys = 40 * TTile.Rows;
        int channels = (problem.HeadDim + TSimd.Width - 1) / TSimd.Width * TSimd.Width;
        return new FlashBlocks(problem.HeadDim, keys, channels);
    }
}
