using Kernels.Abstractions;
using Kernels.Flash.Distances;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;
using Kernels.Primitives.Softmax;

namespace Kernels.Flash.Tiles;

/// <summary>
/// The softmax of one query tile as it visits blocks of keys, in any order: scores, weights and the weighted sum of values, kept in the
/// tile's scratch. Dao et al. 2022, algorithm 1, with the queries in the outer loop as in Dao 2023, section 3.1.
/// </summary>
internal unsafe ref struct TileSoftmax<TSet>
    where TSet : struct, IInstructionSet
{
    private readonly FlashBlocks blocks;
    private readonly FlashScratch<TSet> scratch;
    private readonly DistanceBias bias;
    private readonly float scale, weightFactor;
    private readonly bool exactMaxima;
    private readonly int tileRows;
    private bool first, hasReferences;

    /// <summary>Prepares a tile whose packed queries are in the scratch.</summary>
    /// <param name="problem">The scale.</param>
    /// <param name="blocks">Sizes.</param>
    /// <param name="rows">Rows of the tile.</param>
    /// <param name="scratch">The memory of the tile.</param>
    /// <param name="exactMaxima">
    /// Whether no weight exceeds 1, for values so large that sums with the weights of a lazy reference overflow.
    /// </param>
    /// <param name="bias">Added to the scores, in a context without fused register tiles.</param>
    public TileSoftmax(
        AttentionProblem problem, FlashBlocks blocks, int rows, FlashScratch<TSet> scratch, bool exactMaxima = false, DistanceBias bias = default)
    {
        this.bias = bias;
        this.exactMaxima = exactMaxima;
        weightFactor = exactMaxima ? 1 : TSet.WeightFactor;
        (this.blocks, tileRows, this.scratch, first) = (blocks, rows, scratch, true);
        scale = ScoreScale.OfDifferences(problem.Scale);
        // Not −∞: a row with only hidden scores would compute −∞ − −∞ = NaN.
        new Span<float>(scratch.Reference, TSet.QueryRows).Fill(float.MinValue);
        new Span<float>(scratch.Sum, TSet.QueryRows).Clear();
        TSet.WriteConstants(scale, scratch.Constants);
    }

    /// <summary>
    /// Divides each row by its sum of weights, or joins it to the old output, and writes it; unless sums of weighted values are not finite,
    /// which exact maxima may keep finite.
    /// </summary>
    /// <param name="tile">The rows.</param>
    /// <param name="seeing">The rows that saw a key.</param>
    /// <param name="joins">Whether the rows are joined to attention over other keys in the targets.</param>
    /// <param name="targets">Where the rows go.</param>
    /// <returns>Whether the sums are finite. If not, rows that are joined have not been written.</returns>
    public readonly bool TryWrite<TRows>(in TRows tile, ReadOnlySpan<bool> seeing, bool joins, in RowTargets targets)
        where TRows : struct, ITileRows =>
        OutputRows<TSet>.TryWrite(tile, seeing, new RowEnd(scale, weightFactor, joins), blocks, scratch, targets);

    /// <summary>The same whatever the sums are.</summary>
    /// <inheritdoc cref="TryWrite"/>
    public readonly void Write<TRows>(in TRows tile, ReadOnlySpan<bool> seeing, bool joins, in RowTargets targets)
        where TRows : struct, ITileRows =>
        OutputRows<TSet>.Write(tile, seeing, new RowEnd(scale, weightFactor, joins), blocks, scratch, targets);

    /// <summary>
    /// Whether queries, keys and values are finite. Where one is not, a second computation would change the last bits of rows that do not
    /// depend on it.
    /// </summary>
    /// <param name="keys">Keys and values of the head.</param>
    /// <param name="count">Their number.</param>
    public readonly bool InputsAreFinite(in KeyValueRows<TSet> keys, int count)
    {
        for (int channel = 0; channel < blocks.HeadDim; channel++)
        {
            if (!TSet.AllFinite(scratch.Queries + channel * TSet.QueryRows, tileRows))
                return false;
        }
        return keys.AreFinite(count, blocks);
    }

    /// <summary>
    /// Sets the lazy references to the largest scores of some keys before any are visited. A bias that grows towards them would raise the references of keys
    /// visited in order at every block, and then the weights of most blocks would be computed twice.
    /// </summary>
    /// <param name="keys">Keys and values of the head.</param>
    /// <param name="near">Keys that every row sees, at most <see cref="FlashBlocks.Keys"/>.</param>
    public void SetReferences(in KeyValueRows<TSet> keys, KeyRange near)
    {
        ScoreProduct<TSet>.Compute(blocks, keys.Read(near, blocks, scratch), near, tileRows, bias, scratch);
        TSet.SetReferences(scratch.Tile(near.Length, tileRows, scale));
        hasReferences = true;
    }

    /// <summary>Visits keys in place, without those that no row sees.</summary>
    /// <param name="keys">Keys and values of the head.</param>
    /// <param name="begin">The key that has number 0 in <paramref name="visible"/>.</param>
    /// <param name="visible">What the rows see.</param>
    /// <param name="afterwards">What is read or written after the last block.</param>
    public void AddKeys(in KeyValueRows<TSet> keys, int begin, scoped VisibleKeys<TSet> visible, Upcoming afterwards)
    {
        KeyRange next;
        for (KeyRange block = visible.First(blocks.Keys); !block.IsEmpty; block = next)
        {
            next = visible.After(block, blocks.Keys);
            Upcoming upcoming = next.IsEmpty ? afterwards : keys.Ahead(begin + next.Begin, blocks);
            AddBlock(keys.Read(new KeyRange(begin + block.Begin, begin + block.End), blocks, scratch), block, visible, upcoming);
        }
    }

    /// <summary>Visits one block.</summary>
    /// <param name="rows">Its keys and values.</param>
    /// <param name="block">The keys of the block, at most <see cref="FlashBlocks.Keys"/>.</param>
    /// <param name="visible">What the rows of the tile see.</param>
    /// <param name="upcoming">What is read or written after the block.</param>
    public void AddBlock(KeyValueBlock rows, KeyRange block, scoped VisibleKeys<TSet> visible, Upcoming upcoming)
    {
        if (exactMaxima || !visible.Covers(block)
            || !BlockWeights<TSet>.TryCompute(blocks, rows, block, tileRows, scale, bias, first && !hasReferences, scratch))
        {
            ScoreProduct<TSet>.Compute(blocks, rows, block, tileRows, bias, scratch);
            visible.Hide(scratch.Scores, block);
            Weigh(block.Length);
        }
        ValueProduct<TSet>.Add(blocks, rows.Values, rows.ValueStride, block, tileRows, visible, !first, upcoming, scratch);
        first = false;
    }

    /// <summary>Visits one block after adding a number to each score, −∞ to hide it; arguments as for <see cref="AddBlock"/>.</summary>
    /// <param name="rows">Its keys and values.</param>
    /// <param name="block">The keys of the block.</param>
    /// <param name="every">All keys, for every row.</param>
    /// <param name="bias">[key of the block, <see cref="IInstructionSet.QueryRows"/>] in units of unscaled scores.</param>
    public void AddBiasedBlock(KeyValueBlock rows, KeyRange block, scoped VisibleKeys<TSet> every, float* bias)
    {
        ScoreProduct<TSet>.Compute(blocks, rows, block, tileRows, this.bias, scratch);
        for (int key = 0; key < block.Length; key++)
        {
            float* scores = scratch.Scores + key * TSet.ScoreStride;
            TSet.Add(scores, bias + key * TSet.QueryRows, scores, InstructionSet.WholeVectors<TSet>(tileRows));
        }
        Weigh(block.Length);
        ValueProduct<TSet>.Add(blocks, rows.Values, rows.ValueStride, block, tileRows, every, !first, default, scratch);
        first = false;
    }

    /// <summary>Turns the scores of a block into weights, and rescales the earlier sums to the new maxima.</summary>
    private readonly void Weigh(int keys)
    {
        TSet.UpdateSoftmax(scratch.Tile(keys, tileRows, scale, weightFactor));
        if (first)
            return;
        for (int row = 0; row < tileRows; row++)
        {
            float* output = scratch.Output + (nint)row * blocks.Channels;
            if (scratch.Rescale[row] != 1)
                TSet.Scale(output, scratch.Rescale[row], output, blocks.Channels);
        }
    }
}
