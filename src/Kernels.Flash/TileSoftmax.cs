using Kernels.Abstractions;
using Kernels.Primitives.Tiles;
using Kernels.Primitives;

namespace Kernels.Flash;

/// <summary>
/// The softmax of one query tile as it visits blocks of keys, in any order: scores, weights and the weighted sum of values, kept in the
/// tile's scratch. Dao et al. 2022, algorithm 1, with the queries in the outer loop as in Dao 2023, section 3.1.
/// </summary>
/// <typeparam name="TSimd">The operations of the vector width.</typeparam>
/// <typeparam name="TVector">The vector type.</typeparam>
/// <typeparam name="TTile">The register tiles.</typeparam>
/// <typeparam name="TWeights">The way to the weights of a block that every row sees.</typeparam>
internal unsafe ref struct TileSoftmax<TSimd, TVector, TTile, TWeights>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
    where TTile : struct, IRegisterTile
    where TWeights : struct, IBlockWeights
{
    private readonly FlashBlocks blocks;
    private readonly FlashScratch scratch;
    private readonly float scale;
    private readonly int rows;
    private bool first;

    /// <summary>Prepares a tile whose packed queries are in the scratch.</summary>
    public TileSoftmax(AttentionProblem problem, FlashBlocks blocks, int rows, FlashScratch scratch)
    {
        (this.blocks, this.rows, this.scratch, first) = (blocks, rows, scratch, true);
        scale = ScoreScale.OfDifferences(problem.Scale);
        OnlineSoftmax<TSimd, TVector>.Reset(scratch);
        TWeights.Begin(scale, scratch);
    }

    /// <summary>Visits keys where they lie, those that no row sees left out.</summary>
    /// <param name="k">[keys, headDim], the first key that <paramref name="visible"/> counts.</param>
    /// <param name="v">[keys, headDim], its value.</param>
    /// <param name="vEnd">The end of the tensor of values.</param>
    /// <param name="visible">What the rows see.</param>
    /// <param name="afterwards">What is read or written after the last block.</param>
    public void AddKeys(float* k, float* v, float* vEnd, scoped VisibleKeys visible, Upcoming afterwards)
    {
        KeyRange next;
        for (KeyRange block = visible.First(blocks.Keys); !block.IsEmpty; block = next)
        {
            next = visible.After(block, blocks.Keys);
            nint nextOffset = (nint)next.Begin * blocks.HeadDim;
            Upcoming upcoming = next.IsEmpty ? afterwards : new Upcoming(k + nextOffset, v + nextOffset);
            nint offset = (nint)block.Begin * blocks.HeadDim;
            // Whole vectors read into the next rows, which adds to channels that are never written; at the end of v there are none.
            bool readsBeyond = vEnd - (v + (nint)block.End * blocks.HeadDim) < blocks.Channels - blocks.HeadDim;
            float* values = readsBeyond ? Packing.Values(v + offset, block.Length, blocks, scratch.Values) : v + offset;
            AddBlock(k + offset, values, readsBeyond ? blocks.Channels : blocks.HeadDim, block, visible, upcoming);
        }
    }

    /// <summary>Visits one block.</summary>
    /// <param name="k">[keys, headDim], the first key of the block.</param>
    /// <param name="v">[keys, stride], its value, readable in whole vectors.</param>
    /// <param name="stride">Floats from one value to the next.</param>
    /// <param name="block">The keys of the block, at most <see cref="FlashBlocks.Keys"/>.</param>
    /// <param name="visible">What the rows see.</param>
    /// <param name="upcoming">What is read or written after the block.</param>
    public void AddBlock(float* k, float* v, int stride, KeyRange block, scoped VisibleKeys visible, Upcoming upcoming)
    {
        if (!visible.Covers(block) || !TWeights.TryCompute(blocks, k, block.Length, rows, scale, first, scratch))
        {
            ScoreProduct<TSimd, TVector, TTile>.Compute(blocks, k, block.Length, rows, scratch);
            visible.Hide(scratch.Scores, block);
            Weigh(block.Length);
        }
        ValueProduct<TSimd, TVector, TTile>.Add(blocks, v, stride, block, rows, visible, !first, upcoming, scratch);
        first = false;
    }

    /// <summary>Visits one block after adding a number to each score, −∞ to hide it; arguments as for <see cref="AddBlock"/>.</summary>
    /// <param name="k">[keys, headDim].</param>
    /// <param name="v">[keys, stride].</param>
    /// <param name="stride">Floats from one value to the next.</param>
    /// <param name="block">The keys of the block.</param>
    /// <param name="every">All keys, for every row.</param>
    /// <param name="bias">[key of the block, <see cref="QueryTile.MaxRows"/>] in units of unscaled scores.</param>
    public void AddBiasedBlock(float* k, float* v, int stride, KeyRange block, scoped VisibleKeys every, float* bias)
    {
        ScoreProduct<TSimd, TVector, TTile>.Compute(blocks, k, block.Length, rows, scratch);
        for (int key = 0; key < block.Length; key++)
        {
            float* scores = scratch.Scores + key * FlashScratch.ScoreStride, added = bias + key * QueryTile.MaxRows;
            for (int row = 0; row < rows; row += TSimd.Width)
                TSimd.Store(TSimd.Add(TSimd.Load(scores + row), TSimd.Load(added + row)), scores + row);
        }
        Weigh(block.Length);
        ValueProduct<TSimd, TVector, TTile>.Add(blocks, v, stride, block, rows, every, !first, default, scratch);
        first = false;
    }

    /// <summary>Turns the scores of a block into weights, and rescales what was summed before to the new maxima.</summary>
    private readonly void Weigh(int keys)
    {
        OnlineSoftmax<TSimd, TVector>.Update(keys, rows, scale, TWeights.Factor, scratch);
        if (!first)
            OnlineSoftmax<TSimd, TVector>.RescaleOutput(rows, blocks.Channels, scratch);
    }
}
