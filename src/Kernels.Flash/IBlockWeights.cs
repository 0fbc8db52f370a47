namespace Kernels.Flash;

/// <summary>
/// A faster way to the weights of a block that every row of a query tile sees than scores, then maximum, then weights
/// (<see cref="ScoreProduct{TSimd, TVector, TTile}"/>, <see cref="OnlineSoftmax{TSimd, TVector}"/>), which remains for the other blocks.
/// </summary>
internal unsafe interface IBlockWeights
{
    /// <summary>A constant in every weight, which the division by the sum takes out.</summary>
    static abstract float Factor { get; }

    /// <summary>Prepares a query tile.</summary>
    /// <param name="scale">Factor of the scores, in units of log₂ e, positive.</param>
    /// <param name="scratch">Of the query tile.</param>
    static abstract void Begin(float scale, FlashScratch scratch);

    /// <summary>
    /// Writes the weights of a block, against the maxima as they are (or as the first block sets them), and adds them to the sums.
    /// </summary>
    /// <returns>False when the maxima are too small for this block. Sums and output are then as before, scores and weights arbitrary.</returns>
    /// <param name="blocks">Sizes.</param>
    /// <param name="k">[keys, headDim], the first key of the block.</param>
    /// <param name="keys">Keys of the block, at least 1.</param>
    /// <param name="rows">Rows of the tile.</param>
    /// <param name="scale">As in <see cref="Begin"/>.</param>
    /// <param name="first">Whether no block came before.</param>
    /// <param name="scratch">Queries are read, weights written, maxima and sums updated.</param>
    static abstract bool TryCompute(FlashBlocks blocks, float* k, int keys, int rows, float scale, bool first, FlashScratch scratch);
}
