using Kernels.Abstractions;
using Kernels.Flash;
using Kernels.Primitives.Tiles;
using Kernels.Primitives;

namespace Kernels.Sparse;

/// <summary>One tile of <see cref="SimulatedSparse"/>, for one vector width.</summary>
internal static unsafe class SimulatedTile<TSimd, TVector, TTile>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
    where TTile : struct, IRegisterTile
{
    public static long ScratchLength(AttentionProblem problem)
    {
        FlashBlocks blocks = FlashBlocks.Of<TSimd, TVector>(problem);
        return FlashScratch.Length(blocks) + (long)blocks.Keys * blocks.Channels + (long)problem.Keys * QueryTile.MaxRows + CacheLine.Floats;
    }

    public static void Compute(AttentionProblem problem, in AttentionTensors tensors, int item, Span<float> scratch)
    {
        (int headIndex, int tileIndex) = Math.DivRem(item, (problem.Queries - 1) / QueryTile.MaxRows + 1);
        (int batch, int head) = Math.DivRem(headIndex, problem.Heads);
        int begin = tileIndex * QueryTile.MaxRows, end = Math.Min(problem.Queries, begin + QueryTile.MaxRows);
        var tile = new SparseTile(problem, headIndex, TokenRun.Range(begin, end));
        FlashBlocks blocks = FlashBlocks.Of<TSimd, TVector>(problem);
        fixed (float* q = tensors.AllQ, k = tensors.K(batch, head), v = tensors.V(batch, head), output = tensors.AllOutput, memory = scratch)
        {
            var own = new FlashScratch(memory, blocks);
            float* values = memory + FlashScratch.Length(blocks);
            float* bias = CacheLine.Align(values + blocks.Keys * blocks.Channels);
            ulong seeing = FillBias(problem, problem.Head(head), tile, bias);
            Packing.Queries(q, tile, blocks, problem.Scale, own.Queries);
            var softmax = new TileSoftmax<TSimd, TVector, TTile, SequentialWeights<TSimd, TVector, TTile>>(problem, blocks, tile.Rows, own);
            var every = new VisibleKeys(new KeyRange(0, problem.Keys), tile.Rows, stackalloc KeyRange[QueryTile.MaxRows]);
            for (KeyRange block = every.First(blocks.Keys); !block.IsEmpty; block = every.After(block, blocks.Keys))
            {
                nint offset = (nint)block.Begin * blocks.HeadDim;
                bool padded = blocks.Channels == blocks.HeadDim;
                float* from = padded ? v + offset : Packing.Values(v + offset, block.Length, blocks, values);
                softmax.AddBiasedBlock(k + offset, from, blocks.Channels, block, every, bias + (nint)block.Begin * QueryTile.MaxRows);
            }
            OutputRows<TSimd, TVector>.Write(tile, seeing, blocks, own, output);
        }
    }

    /// <summary>Writes what is added to each score, [key, row], and gives the rows that see something, a bit each.</summary>
    private static ulong FillBias(AttentionProblem problem, in MaskedHead head, SparseTile tile, float* bias)
    {
        new Span<float>(bias, problem.Keys * QueryTile.MaxRows).Fill(float.NegativeInfinity);
        float scale = ScoreScale.OfDifferences(problem.Scale);
        ulong seeing = 0;
        for (int index = 0; index < problem.Mask.Parts; index++)
        {
            PatternPart part = problem.Mask.Part(index);
            for (int row = 0; row < tile.Rows; row++)
            {
                int query = tile.Queries[row], group = part.Group(head, query), cursor = 0;
                while (group >= 0 && part.TryNext(head, group, TokenRun.Range(query, query + 1), ref cursor, out TokenRun keys, out bool covered))
                {
                    KeyRange seen = covered ? new(0, keys.Count) : part.Seen(head, query, keys);
                    seeing |= seen.IsEmpty ? 0 : 1UL << row;
                    for (int i = seen.Begin; i < seen.End; i++)
                        CountOnceMore(ref bias[(nint)keys[i] * QueryTile.MaxRows + row], scale);
                }
            }
        }
        return seeing;
    }

    // A key that counts c times has the weight of one whose score is larger by log c.
    private static void CountOnceMore(ref float bias, float scale) =>
        bias = bias == float.NegativeInfinity ? 0 : MathF.Log2(float.Exp2(bias * scale) + 1) / scale;
}
