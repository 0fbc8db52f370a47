using Kernels.Abstractions;
using Kernels.Flash.Distances;
using Kernels.Primitives;
using Kernels.Primitives.Decode;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Flash.Decode;

/// <summary>Online softmax of the rows of one kv head over one split of its keys, block by block.</summary>
internal static unsafe class DecodeSplit<TSet, TElement>
    where TSet : struct, IInstructionSet
    where TElement : unmanaged, IStored<TElement>
{
    /// <summary>Computes the partial output of the split.</summary>
    /// <param name="call">Operands.</param>
    /// <param name="blocks">Sizes.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="split">Numbers of the keys.</param>
    /// <param name="bias">Added to the scores.</param>
    /// <param name="own">Memory.</param>
    /// <param name="partial">Receives the result.</param>
    public static void Compute(
        in AttentionCall call, DecodeBlocks blocks, DecodeRows rows, KeyRange split, DistanceBias bias, in DecodeScratch own, PartialOutput partial)
    {
        PackQueries(call, blocks.Key, rows, own.Queries);
        partial.Reset(blocks);
        var k = StoredRows<TElement>.Of(call.K, rows);
        var v = StoredRows<TElement>.Of(call.V, rows);
        float scale = ScoreScale.OfDifferences(call.Problem.Scale);
        KeyRange seenByAll = call.Problem.KeysSeenByAll(0, call.Problem.Queries);
        for (int begin = split.Begin; begin < split.End; begin += blocks.Keys)
        {
            var block = new KeyRange(begin, Math.Min(split.End, begin + blocks.Keys));
            StoredRows<TElement> keys = k.From(begin), values = v.From(begin), nextKeys = keys.From(blocks.Keys), nextValues = values;
            if (blocks.Key.IsPadded)
                keys = keys.Padded(block.Length, blocks.Key.Length, own.PaddedKeys);
            if (blocks.Value.IsPadded)
                values = values.Padded(block.Length, blocks.Value.Length, own.PaddedValues);
            DecodeProducts<TSet, TElement>.Scores(blocks, keys, block.Length, nextValues, own);
            for (int row = 0; !bias.IsNone && row < rows.Count; row++)
                bias.AddToRow<TSet>(own.Scores + row * DecodeLayout.ScoreStride, block, row);
            if (seenByAll.Intersect(block) != block)
                Hide(rows, block, own.Scores);
            TSet.DecodeWeights(new ScoreRows
            {
                Scores = own.Scores,
                Rows = blocks.Rows,
                Keys = block.Length,
                Scale = scale,
                Max = partial.Max,
                Sum = partial.Sum,
                BlockSum = own.BlockSum,
                Rescale = own.Rescale,
            });
            DecodeProducts<TSet, TElement>.Values(blocks, values, block.Length, nextKeys, own, partial.Output);
        }
    }

    private static void PackQueries(in AttentionCall call, RowShape query, DecodeRows rows, float* packed)
    {
        float sign = ScoreScale.OfQueries(call.Problem.Scale);
        for (int row = 0; row < rows.Count; row++)
        {
            TElement* source = rows.At<TElement>(call.Q, row);
            float* target = packed + row * query.Channels;
            // Where the last vector of a key overlaps the one before, the queries are zero in the channels that are counted already.
            new Span<float>(target + query.Channels - TSet.Width, TSet.Width).Clear();
            TElement.Element.Widen(source, new Span<float>(target, query.Whole));
            TElement.Element.Widen(source + query.Whole, new Span<float>(target + query.TailBegin, query.Tail));
            TSet.Scale(target, sign, target, query.Channels);
        }
    }

    // Hidden scores become −∞, so their weights are exactly zero.
    private static void Hide(DecodeRows rows, KeyRange block, float* scores)
    {
        for (int row = 0; row < rows.Count; row++)
        {
            KeyRange visible = rows.Visible(row), seen = visible.Intersect(block);
            if (seen.Length == block.Length)
                continue;
            var places = new Span<float>(scores + row * DecodeLayout.ScoreStride, block.Length);
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
