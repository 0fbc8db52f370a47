using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Flash.Backward;

/// <summary>The sizes of the blocks of a backward pass.</summary>
/// <param name="HeadDim">Channels of a query and of a key.</param>
/// <param name="ValueDim">Channels of a value.</param>
/// <param name="Keys">The most keys of a block, a multiple of <paramref name="PanelKeys"/>.</param>
/// <param name="PanelKeys">Keys of a panel of packed keys: the lanes of a register tile.</param>
/// <param name="Width">Floats of a vector.</param>
internal readonly record struct BackwardBlocks(int HeadDim, int ValueDim, int Keys, int PanelKeys, int Width)
{
    /// <summary>
    /// Queries of a tile, in whole register tiles. dK and dV are loaded and stored once for so many multiply-adds a number; with more, dO no
    /// longer stays in the first-level cache while all keys of a block use it.
    /// </summary>
    public const int Queries = 96;

    // More gains nothing: dQ is then loaded and stored once for 192 multiply-adds a number. Fewer cost more than what they save: a block
    // is used once for each tile, so even from the third-level cache it takes only 2 bytes a cycle.
    private const int MostKeys = 192, FewestKeys = 128;

    /// <summary>Vectors of a row of q or k.</summary>
    public int KeyVectors => (HeadDim + Width - 1) / Width;

    /// <summary>Vectors of a row of v.</summary>
    public int ValueVectors => (ValueDim + Width - 1) / Width;

    /// <summary>Floats from one row of q or k in scratch to the next.</summary>
    public int KeyStride => Stride(HeadDim);

    /// <summary>Floats from one row of v in scratch to the next.</summary>
    public int ValueStride => Stride(ValueDim);

    /// <summary>Floats from the weights of one query to those of the next, with room for a last register tile of keys.</summary>
    public int PairStride => Stride(Keys + CacheLine.Floats);

    /// <summary>The blocks of a problem.</summary>
    public static BackwardBlocks Of<TSet>(AttentionProblem problem)
        where TSet : struct, IInstructionSet =>
        Of<TSet>(problem.HeadDim, problem.ValueDim, CacheSize.SecondLevel);

    /// <summary>The blocks for a second-level cache of <paramref name="cache"/> bytes.</summary>
    internal static BackwardBlocks Of<TSet>(int headDim, int valueDim, long cache)
        where TSet : struct, IInstructionSet
    {
        int keyStride = Stride(headDim), valueStride = Stride(valueDim), panel = TSet.TileVectors * TSet.Width;
        long tile = Queries * (2 * keyStride + valueStride);
        long key = 2 * keyStride + valueStride + headDim + valueDim + 2 * Queries;
        long fitting = (cache / sizeof(float) - tile) / key / panel * panel;
        return new(headDim, valueDim, (int)Math.Clamp(fitting, FewestKeys, MostKeys), panel, TSet.Width);
    }

    // An odd number of cache lines: rows whose distance is a multiple of a high power of two fall into few sets of the cache.
    private static int Stride(int count)
    {
        int lines = (count + CacheLine.Floats - 1) / CacheLine.Floats;
        return (lines | 1) * CacheLine.Floats;
    }
}
