using Kernels.Primitives.InstructionSets;

namespace Kernels.Flash.Tiles;

/// <summary>
/// Weights of a block in one pass, the exponentials of one register tile among the multiply-adds of the next. The lazy reference of each
/// row is the largest score of its first tile; most rows have no much larger score later.
/// </summary>
internal static unsafe class InterleavedWeights<TSet>
    where TSet : struct, IInstructionSet
{
    /// <summary>Writes weights, block maxima and block sums.</summary>
    /// <param name="blocks">Sizes.</param>
    /// <param name="k">[keys, headDim], the first key of the block.</param>
    /// <param name="stride">Floats from one key to the next.</param>
    /// <param name="keys">Keys of the block, at least 1.</param>
    /// <param name="rows">Rows of the tile.</param>
    /// <param name="scale">Factor of the scores, in units of log₂ e, positive.</param>
    /// <param name="first">Whether no block came before.</param>
    /// <param name="scratch">Queries are read, weights, block maxima and block sums written.</param>
    public static void Compute(
        FlashBlocks blocks, float* k, nint stride, int keys, int rows, float scale, bool first, FlashScratch<TSet> scratch)
    {
        new Span<float>(scratch.BlockMax, TSet.QueryRows).Fill(float.MinValue);
        new Span<float>(scratch.BlockSum, TSet.QueryRows).Clear();
        int vectors = (rows + TSet.Width - 1) / TSet.Width;
        (int wholeTiles, int rest) = Math.DivRem(keys, TSet.InterleavedKeys);
        // A register tile always reads whole tiles of keys, which must not extend beyond the tensor.
        if (rest > 0)
            Packing<TSet>.LastKeys(k + wholeTiles * TSet.InterleavedKeys * stride, stride, rest, blocks, scratch.LastKeys);

        if (wholeTiles > 0)
            Multiply(vectors, blocks, k, stride, 0, 1, scratch);
        else
            Multiply(vectors, blocks, scratch.LastKeys, blocks.HeadDim, 0, 1, scratch);
        if (first)
            TSet.SetReferences(scratch.Tile(Math.Min(keys, TSet.InterleavedKeys), vectors * TSet.Width, scale));
        if (wholeTiles > 1)
            Multiply(vectors, blocks, k + TSet.InterleavedKeys * stride, stride, 1, wholeTiles - 1, scratch);
        if (wholeTiles > 0 && rest > 0)
            Multiply(vectors, blocks, scratch.LastKeys, blocks.HeadDim, wholeTiles, 1, scratch);

        // The last tile has no tile after it to interleave its exponentials with.
        int last = rest > 0 ? rest : TSet.InterleavedKeys;
        float* scores = scratch.Scores + (nint)(keys - last) * TSet.ScoreStride;
        for (int row = 0; row < vectors * TSet.Width; row += TSet.Width)
            TSet.WeighLast(scores + row, last, scratch.Reference + row, scratch.Constants);
    }

    private static void Multiply(int vectors, FlashBlocks blocks, float* k, nint stride, int tile, int tiles, FlashScratch<TSet> scratch) =>
        TSet.MultiplyAndWeigh(vectors, new InterleavedTiles
        {
            Keys = k,
            KeyStride = stride,
            Queries = scratch.Queries,
            Scores = scratch.Scores + (nint)tile * TSet.InterleavedKeys * TSet.ScoreStride,
            State = scratch.Reference,
            Constants = scratch.Constants,
            Steps = blocks.HeadDim,
            Count = tiles,
            HasPrevious = tile > 0,
        });
}
