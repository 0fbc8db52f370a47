using Kernels.Flash.Interleaved;
using Kernels.Primitives;

namespace Kernels.Flash;

/// <summary>
/// The working memory of one query tile, cut from the caller's scratch. Its size depends on the head dimension and the cache
/// alone, never on the numbers of queries and keys.
/// </summary>
internal readonly unsafe struct FlashScratch
{
    /// <summary>
    /// Floats from the scores of one key to those of the next: five cache lines, of which the rows fill three. Six weights of each key are read
    /// at a time, and with keys three lines apart the AVX2 product with the values was 3 % slower on a Zen 4; vectors of 16 need whole lines.
    /// </summary>
    public const int ScoreStride = 80;

    /// <param name="scratch">At least <see cref="Length"/> floats at any address.</param>
    /// <param name="size">What to make room for.</param>
    public FlashScratch(float* scratch, FlashBlocks size)
    {
        Queries = CacheLine.Align(scratch);
        Scores = Queries + size.HeadDim * QueryTile.MaxRows;
        Max = Scores + size.Keys * ScoreStride;
        BlockMax = Max + QueryTile.MaxRows;
        BlockSum = BlockMax + QueryTile.MaxRows;
        Sum = BlockSum + QueryTile.MaxRows;
        Rescale = Sum + QueryTile.MaxRows;
        Constants = Rescale + QueryTile.MaxRows;
        Output = Constants + LazyWeights.ConstantsLength;
        Values = Output + QueryTile.MaxRows * size.Channels;
        LastKeys = Values + size.PackedValues;
    }

    /// <summary>Packed queries, [headDim, row].</summary>
    public float* Queries { get; }

    /// <summary>Scores and then weights of one block, [key, row], keys <see cref="ScoreStride"/> apart.</summary>
    public float* Scores { get; }

    /// <summary>
    /// Running maximum of the scores, not yet scaled, [row]; or a reference near it. <see cref="BlockMax"/> and <see cref="BlockSum"/>
    /// follow, so that one address serves all three.
    /// </summary>
    public float* Max { get; }

    /// <summary>Largest score of a block, [row].</summary>
    public float* BlockMax { get; }

    /// <summary>Sum of the weights of a block, [row].</summary>
    public float* BlockSum { get; }

    /// <summary>Running sum of weights, [row].</summary>
    public float* Sum { get; }

    /// <summary>Factor of what was summed before this block, [row].</summary>
    public float* Rescale { get; }

    /// <summary>Constants that have no room in registers.</summary>
    public float* Constants { get; }

    /// <summary>Output before the division by the sum, [row, channels].</summary>
    public float* Output { get; }

    /// <summary>The values of one block padded to whole vectors, [key, channels]; empty when they are whole already.</summary>
    public float* Values { get; }

    /// <summary>The last keys of a block when they do not fill a register tile, [key of the tile, headDim].</summary>
    public float* LastKeys { get; }

    public static long Length(FlashBlocks size) =>
        (long)(size.HeadDim + 5 + size.Channels) * QueryTile.MaxRows + (long)size.Keys * ScoreStride
        + LazyWeights.ConstantsLength + size.PackedValues + size.LastKeys + CacheLine.Floats;
}
