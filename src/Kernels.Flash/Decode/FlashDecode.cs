using Kernels.Abstractions;
using Kernels.Primitives;

namespace Kernels.Flash.Decode;

/// <summary>
/// FlashDecoding: few queries against many keys. One work item is a piece of the keys of one kv head with all rows that share it, so that
/// every key and value is read once and all threads have work; the pieces are joined at the end. FlashDecoding, Dao et al. 2023.
/// </summary>
/// <typeparam name="TSimd">The operations of the vector width.</typeparam>
/// <typeparam name="TVector">The vector type.</typeparam>
public abstract unsafe class FlashDecode<TSimd, TVector> : AttentionKernel
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private const int MaxHeadDim = 256;

    /// <inheritdoc/>
    public override long ScratchLength(AttentionProblem problem) =>
        SharedLength(problem) + DecodeScratch.Length(DecodeBlocks.Of<TSimd, TVector>(problem));

    /// <inheritdoc/>
    protected override long SharedLength(AttentionProblem problem) => new KeySplits(problem).Count is > 1 and var splits
        ? (long)KvHeads(problem) * splits * PartialOutput.Length(DecodeBlocks.Of<TSimd, TVector>(problem)) + CacheLine.Floats
        : 0;

    /// <inheritdoc/>
    protected override string? Refuses(AttentionProblem problem) =>
        problem.HeadDim > MaxHeadDim ? "head dimension is more than 256"
        : (long)problem.Heads / problem.KvHeads * problem.Queries > DecodeBlocks.MaxRows
            ? $"more than {DecodeBlocks.MaxRows} rows (queries × heads per kv head)"
        : null;

    /// <inheritdoc/>
    protected override int WorkItems(AttentionProblem problem) => KvHeads(problem) * new KeySplits(problem).Count;

    /// <inheritdoc/>
    protected override int CombineItems(AttentionProblem problem) => new KeySplits(problem).Count > 1 ? KvHeads(problem) : 0;

    /// <inheritdoc/>
    protected override void Compute(AttentionProblem problem, in AttentionTensors tensors, int item, Span<float> scratch)
    {
        fixed (float* q = tensors.AllQ, k = tensors.AllK, v = tensors.AllV, output = tensors.AllOutput)
        fixed (float* shared = tensors.Shared, memory = scratch)
        {
            var blocks = DecodeBlocks.Of<TSimd, TVector>(problem);
            var splits = new KeySplits(problem);
            (int kvHead, int split) = Math.DivRem(item, splits.Count);
            var rows = new DecodeRows(problem, kvHead);
            var own = new DecodeScratch(memory, blocks);
            PartialOutput partial = splits.Count > 1 ? Partial(shared, item, blocks) : own.Partial;
            float scale = ScoreScale.OfDifferences(problem.Scale);
            PackQueries(q + rows.Offset, problem.Scale, blocks, own.Queries);
            ComputeSplit(blocks, rows, splits[split], k + rows.KeyOffset, v + rows.KeyOffset, scale, own, partial);
            if (splits.Count == 1)
                SplitCombine<TSimd, TVector>.Write(blocks, rows, scale, partial, 1, output);
        }
    }

    /// <inheritdoc/>
    protected override void Combine(AttentionProblem problem, in AttentionTensors tensors, int item)
    {
        fixed (float* output = tensors.AllOutput, shared = tensors.Shared)
        {
            var blocks = DecodeBlocks.Of<TSimd, TVector>(problem);
            int splits = new KeySplits(problem).Count;
            SplitCombine<TSimd, TVector>.Write(
                blocks, new DecodeRows(problem, item), ScoreScale.OfDifferences(problem.Scale), Partial(shared, item * splits, blocks), splits,
                output);
        }
    }

    private static int KvHeads(AttentionProblem problem) => problem.Batch * problem.KvHeads;

    private static PartialOutput Partial(float* shared, int item, DecodeBlocks blocks) =>
        new(CacheLine.Align(shared) + (nint)item * PartialOutput.Length(blocks), blocks);

    private static void ComputeSplit(
        DecodeBlocks blocks, DecodeRows rows, KeyRange split, float* k, float* v, float scale, DecodeScratch own, PartialOutput partial)
    {
        partial.Reset(blocks);
        for (int begin = split.Begin; begin < split.End; begin += DecodeBlocks.Keys)
        {
            var block = new KeyRange(begin, Math.Min(split.End, begin + DecodeBlocks.Keys));
            float* keys = k + (nint)begin * blocks.HeadDim, values = v + (nint)begin * blocks.HeadDim;
            float* nextKeys = keys + (nint)DecodeBlocks.Keys * blocks.HeadDim, nextValues = values;
            if (blocks.PadsRows)
            {
                keys = Padded(keys, block.Length, blocks, own.PaddedKeys);
                values = Padded(values, block.Length, blocks, own.PaddedValues);
            }
            DecodeScores<TSimd, TVector>.Compute(blocks, keys, block.Length, nextValues, own);
            Hide(rows, block, own.Scores);
            DecodeSoftmax<TSimd, TVector>.Update(blocks.Rows, block.Length, scale, own, partial);
            DecodeValues<TSimd, TVector>.Add(blocks, values, block.Length, nextKeys, own, partial.Output);
        }
    }

    private static void PackQueries(float* q, float scale, DecodeBlocks blocks, float* packed)
    {
        TVector sign = TSimd.Create(ScoreScale.OfQueries(scale));
        int whole = blocks.HeadDim / TSimd.Width * TSimd.Width, tail = blocks.HeadDim - whole;
        // Where the last vector of a key overlaps the one before, the channels that were already counted meet zeros.
        int tailBegin = blocks.PadsRows ? 0 : blocks.Channels - tail;
        for (int row = 0; row < blocks.Rows; row++)
        {
            float* source = q + row * blocks.HeadDim, target = packed + row * blocks.Channels;
            for (int channel = 0; channel < whole; channel += TSimd.Width)
                TSimd.Store(TSimd.Multiply(TSimd.Load(source + channel), sign), target + channel);
            if (tail == 0)
                continue;
            TSimd.Store(default, target + whole);
            for (int channel = 0; channel < tail; channel++)
                target[tailBegin + channel] = ScoreScale.OfQueries(scale) * source[whole + channel];
        }
    }

    private static float* Padded(float* source, int count, DecodeBlocks blocks, float* target)
    {
        new Span<float>(target, count * blocks.RowLength).Clear();
        for (int row = 0; row < count; row++)
            new ReadOnlySpan<float>(source + row * blocks.HeadDim, blocks.HeadDim)
                .CopyTo(new Span<float>(target + row * blocks.RowLength, blocks.HeadDim));
        return target;
    }

    // Hidden scores become −∞, so their weights are exactly zero.
    private static void Hide(DecodeRows rows, KeyRange block, float* scores)
    {
        for (int row = 0; row < rows.Count; row++)
        {
            KeyRange visible = rows.Visible(row), seen = visible.Intersect(block);
            if (seen.Length == block.Length)
                continue;
            var places = new Span<float>(scores + row * DecodeScratch.ScoreStride, block.Length);
            if (seen.IsEmpty)
            {
                places.Fill(float.NegativeInfinity);
                continue;
            }
            places[..(seen.Begin - block.Begin)].Fill(float.NegativeInfinity);
            places[(seen.End - block.Begin)..].Fill(float.NegativeInfinity);
        }
    }
}
