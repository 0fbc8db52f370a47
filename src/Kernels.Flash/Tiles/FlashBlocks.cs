using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Flash.Tiles;

/// <summary>The sizes of the blocks that a query tile works in.</summary>
/// <param name="HeadDim">Channels of a query and of a key.</param>
/// <param name="ValueDim">Channels of a value.</param>
/// <param name="Channels">Channels of a value rounded up to whole vectors.</param>
/// <param name="Keys">The most keys of a block, after which the output is updated, a multiple of <see cref="IInstructionSet.KeyMultiple"/>.</param>
internal readonly record struct FlashBlocks(int HeadDim, int ValueDim, int Channels, int Keys)
{
    /// <summary>Above 240 keys no gain on Zen 4, however large the cache; below, O is loaded and stored too often.</summary>
    public const int MostKeys = 240;

    /// <summary>Whether the inputs are bfloat16, so that keys and values of a block are widened to float32 in scratch.</summary>
    public bool Widens { get; init; }

    /// <summary>Whether values are whole vectors, so that they are read in place and nothing is padded.</summary>
    public bool WholeVectors => Channels == ValueDim;

    /// <summary>Floats of the values that are copied, to be widened or padded to whole vectors.</summary>
    public int PackedValues => WholeVectors && !Widens ? 0 : Keys * Channels;

    /// <summary>Floats of the keys that are copied to be widened.</summary>
    public int PackedKeys => Widens ? Keys * HeadDim : 0;

    /// <summary>The blocks of a problem whose inputs have a format.</summary>
    public static FlashBlocks Of<TSet>(AttentionProblem problem, Element input = Element.Float32)
        where TSet : struct, IInstructionSet =>
        Of<TSet>(problem.HeadDim, problem.ValueDim, CacheSize.SecondLevel, input);

    /// <summary>The blocks for a second-level cache of <paramref name="cache"/> bytes.</summary>
    internal static FlashBlocks Of<TSet>(int headDim, int valueDim, long cache, Element input = Element.Float32)
        where TSet : struct, IInstructionSet
    {
        int channels = InstructionSet.WholeVectors<TSet>(valueDim);
        bool widens = input != Element.Float32;
        // Queries and output of the tile stay in cache; keys, values and scores change with each block. Half the cache is left for
        // prefetches.
        long tile = TSet.QueryRows * (headDim + channels), key = headDim + channels + TSet.QueryRows;
        // The bfloat16 source takes half as much room again.
        if (widens)
            key += (headDim + valueDim) / 2;
        long fitting = (cache / 2 / sizeof(float) - tile) / key / TSet.KeyMultiple * TSet.KeyMultiple;
        return new(headDim, valueDim, channels, (int)Math.Clamp(fitting, TSet.KeyMultiple, MostKeys)) { Widens = widens };
    }
}
