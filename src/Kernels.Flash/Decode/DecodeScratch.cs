using Kernels.Primitives;
using Kernels.Primitives.Decode;

namespace Kernels.Flash.Decode;

/// <summary>The working memory of one work item, cut from the scratch of its thread. Its size depends on rows and channels alone.</summary>
internal readonly unsafe struct DecodeScratch
{
    /// <param name="scratch">At least <see cref="Length"/> floats at any address.</param>
    /// <param name="blocks">Sizes.</param>
    public DecodeScratch(float* scratch, DecodeBlocks blocks)
    {
        Queries = CacheLine.Align(scratch);
        Scores = Queries + blocks.Rows * blocks.Key.Channels;
        Rescale = Scores + blocks.Rows * DecodeLayout.ScoreStride;
        BlockSum = Rescale + DecodeLayout.MaxRows;
        PaddedKeys = BlockSum + DecodeLayout.MaxRows;
        PaddedValues = PaddedKeys + blocks.PaddedKeys;
        Partial = new PartialOutput(PaddedValues + blocks.PaddedValues, blocks);
    }

    /// <summary>
    /// Queries padded with zeros, [row, channels]; the last vector has zeros where that of a key overlaps the one before.
    /// </summary>
    public float* Queries { get; }

    /// <summary>Scores and then weights of one block, [row, <see cref="DecodeLayout.ScoreStride"/>].</summary>
    public float* Scores { get; }

    /// <summary>Factor of the sums before this block, [row].</summary>
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
        blocks.Rows * (blocks.Key.Channels + DecodeLayout.ScoreStride) + 2 * DecodeLayout.MaxRows + blocks.PaddedKeys + blocks.PaddedValues
        + PartialOutput.Length(blocks) + CacheLine.Floats;
}
