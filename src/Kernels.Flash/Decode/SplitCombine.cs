using Kernels.Primitives.InstructionSets;
using Kernels.Primitives.Softmax;

namespace Kernels.Flash.Decode;

/// <summary>
/// Joins the splits of one kv head: each has the factor 2^((its maximum − the largest)·scale), and the result is divided by the sum of
/// weights (FlashDecoding, Dao et al. 2023). A split in which the row sees no key has the sum 0 and adds nothing.
/// </summary>
internal static unsafe class SplitCombine<TSet>
    where TSet : struct, IInstructionSet
{
    /// <summary>Writes the output of one row that sees a key.</summary>
    /// <param name="blocks">Sizes.</param>
    /// <param name="row">Number of the row among those of the kv head.</param>
    /// <param name="scale">Factor of the scores, in units of log₂ e, positive.</param>
    /// <param name="first">The first split.</param>
    /// <param name="splits">Splits, each <see cref="PartialOutput.Length"/> floats after the one before.</param>
    /// <param name="end">Ends the row.</param>
    /// <param name="output">The output row.</param>
    /// <param name="lse">Its log-sum-exp; null where the operation has none.</param>
    public static void Write(
        DecodeBlocks blocks, int row, float scale, PartialOutput first, int splits, RowEnd end, float* output, float* lse)
    {
        nint stride = PartialOutput.Length(blocks);
        float* max = first.Max + row, sum = first.Sum + row, joined = first.Output + row * blocks.Value.Channels;
        float largest = max[0];
        for (int split = 1; split < splits; split++)
            largest = MathF.Max(largest, max[split * stride]);
        float total = 0;
        for (int split = 0; split < splits; split++)
        {
            float share = TSet.Exp2((max[split * stride] - largest) * scale);
            total += share * sum[split * stride];
            if (split == 0)
                TSet.Scale(joined, share, joined, blocks.Value.Channels);
            else
                TSet.AddScaled(joined + split * stride, share, joined, blocks.Value.Channels);
        }
        (float ownShare, float before) = end.Close(largest, total, lse);
        TSet.Mix(joined, ownShare, output, before, blocks.Value.Whole);
        TSet.Mix(joined + blocks.Value.TailBegin, ownShare, output + blocks.Value.Whole, before, blocks.Value.Tail);
    }
}
