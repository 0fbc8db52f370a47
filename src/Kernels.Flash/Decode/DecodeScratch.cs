using Kernels.Primitives;

namespace Kernels.Flash.Decode;

/// <summary>The working memory of one work item, cut from the scratch of its thread. It depends on rows and head dimension alone.</summary>
internal readonly unsafe struct DecodeScratch
{
    /// <summary>
    /// Floats from one row of scores to the next. A tile may write scores past the block's last key, and rows that are not a power of two
    /// apart do not compete for the same place in the cache.
    /// </summary>
    public const int ScoreStride = DecodeBlocks.Keys + CacheLine.Floats;

    /// <param name="scratch">At least <see cref="Length"/> floats at any address.</param>
    /// <param name="blocks">What to make room for.</param>
    public DecodeScratch(float* scratch, DecodeBlocks blocks)
    {
        Queries = CacheLine.Align(scratch);
        Scores = Queries + blocks.Rows * blocks.Channels;
        Rescale = Scores + blocks.Rows * ScoreStride;
        BlockSum = Rescale + DecodeBlocks.MaxRows;
        PaddedKeys = BlockSum + DecodeBlocks.MaxRows;
        PaddedValues = PaddedKeys + blocks.PaddedRows / 2;
        Partial = new PartialOutput(PaddedKeys + blocks.PaddedRows, blocks);
    }

    /// <summary>Queries padded with zeros, [row, channels]; the last vector has zeros where that of a key overlaps the one before.</summary>
    public float* Queries { get; }

    /// <summary>Scores and then weights of one block, [row, <see cref="ScoreStride"/>].</summary>
    public float* Scores { get; }

    /// <summary>Factor of what was summed before this block, [row].</summary>
    public float* Rescale { get; }

    /// <summary>Sums of the block's weights, [row].</summary>
    public float* BlockSum { get; }

    /// <summary>The keys of one block padded to a vector, where they are shorter, [key, width].</summary>
    public float* PaddedKeys { get; }

    /// <summary>The values of one block padded to a vector, where they are shorter, [key, width].</summary>
    public float* PaddedValues { get; }

    /// <summary>The result of a split that is the only one of its kv head.</summary>
    public PartialOutput Partial { get; }

    public static int Length(DecodeBlocks blocks) =>
        blocks.Rows * (blocks.Channels + ScoreStride) + 2 * DecodeBlocks.MaxRows + blocks.PaddedRows + PartialOutput.Length(blocks)
        + CacheLine.Floats;
}
