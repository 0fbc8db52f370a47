using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;
using Kernels.Primitives.Softmax;

namespace Kernels.Flash.Tiles;

/// <summary>
/// The working memory of one query tile, cut from the caller's scratch. Its size depends on the widths of keys and values, their format
/// and the cache alone, never on the numbers of queries and keys.
/// </summary>
internal readonly unsafe struct FlashScratch<TSet>
    where TSet : struct, IInstructionSet
{
    /// <param name="scratch">At least <see cref="Length"/> floats at any address.</param>
    /// <param name="size">Sizes.</param>
    public FlashScratch(float* scratch, FlashBlocks size)
    {
        Queries = CacheLine.Align(scratch);
        Scores = Queries + size.HeadDim * TSet.QueryRows;
        Reference = Scores + size.Keys * TSet.ScoreStride;
        BlockMax = Reference + TSet.QueryRows;
        BlockSum = BlockMax + TSet.QueryRows;
        Sum = BlockSum + TSet.QueryRows;
        Rescale = Sum + TSet.QueryRows;
        Constants = Rescale + TSet.QueryRows;
        Output = Constants + TSet.ConstantsLength;
        Values = Output + TSet.QueryRows * size.Channels;
        Keys = Values + size.PackedValues;
        LastKeys = Keys + size.PackedKeys;
    }

    /// <summary>Packed queries, [headDim, row].</summary>
    public float* Queries { get; }

    /// <summary>Scores and then weights of one block, [key, row], keys <see cref="IInstructionSet.ScoreStride"/> apart.</summary>
    public float* Scores { get; }

    /// <summary>
    /// Lazy reference: running maximum of the scores, not yet scaled, or a number near it, [row]. <see cref="BlockMax"/> and
    /// <see cref="BlockSum"/> follow in memory, so that one address serves all three.
    /// </summary>
    public float* Reference { get; }

    /// <summary>Largest score of a block, [row].</summary>
    public float* BlockMax { get; }

    /// <summary>Sum of the weights of a block, [row].</summary>
    public float* BlockSum { get; }

    /// <summary>Running sum of weights, [row].</summary>
    public float* Sum { get; }

    /// <summary>Factor of the sums before this block, [row].</summary>
    public float* Rescale { get; }

    /// <summary>Constants that are read from memory.</summary>
    public float* Constants { get; }

    /// <summary>Output before the division by the sum, [row, channels].</summary>
    public float* Output { get; }

    /// <summary>The values of one block widened or padded to whole vectors, [key, channels]; empty when they are read in place.</summary>
    public float* Values { get; }

    /// <summary>The keys of one block widened, [key, headDim]; empty when they are read in place.</summary>
    public float* Keys { get; }

    /// <summary>The last keys of a block when they do not fill a register tile, [key of the tile, headDim].</summary>
    public float* LastKeys { get; }

    /// <summary>Operands of the softmax of a block.</summary>
    /// <param name="keys">Keys of the block.</param>
    /// <param name="rows">Rows of the tile.</param>
    /// <param name="scale">Factor of the scores, in units of log₂ e, positive.</param>
    /// <param name="weightFactor">Factor of the weights that are computed after their maximum.</param>
    public ScoreTile Tile(int keys, int rows, float scale, float weightFactor = 1) => new()
    {
        Scores = Scores,
        Stride = TSet.ScoreStride,
        Keys = keys,
        Rows = rows,
        Scale = scale,
        WeightFactor = weightFactor,
        Reference = Reference,
        BlockMax = BlockMax,
        BlockSum = BlockSum,
        Sum = Sum,
        Rescale = Rescale,
    };

    public static long Length(FlashBlocks size) =>
        (long)(size.HeadDim + 5 + size.Channels) * TSet.QueryRows + (long)size.Keys * TSet.ScoreStride
        + TSet.ConstantsLength + size.PackedValues + size.PackedKeys + TSet.MostTileKeys * size.HeadDim + CacheLine.Floats;
}
