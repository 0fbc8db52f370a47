using System.Globalization;

namespace Kernels.Abstractions;

/// <summary>
/// Block-sparse attention with random blocks, the same in every head: each block is visible with the given probability, independently
/// of the others. Some rows of blocks see no key. Block-sparse kernels as in Gray et al. 2017, GPU Kernels for Block-Sparse Weights.
/// </summary>
public sealed record RandomBlocks : AttentionMask, IBlockPattern
{
    /// <summary>Creates the pattern.</summary>
    /// <exception cref="ArgumentException">The block has not 16 to 128 tokens, the percentage is not 1 to 100, or the seed is
    /// negative.</exception>
    public RandomBlocks(int blockSize, int percent, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(blockSize, IBlockPattern.SmallestBlock);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(blockSize, IBlockPattern.LargestBlock);
        ArgumentOutOfRangeException.ThrowIfLessThan(percent, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(percent, 100);
        ArgumentOutOfRangeException.ThrowIfNegative(seed);
        (BlockSize, Percent, Seed) = (blockSize, percent, seed);
    }

    /// <summary>Parses the name.</summary>
    public static MaskForm Form { get; } = new(
        "blocks64-p10-seed1", "blocks16-p25-seed1", "blocks(?<size>[0-9]+)-p(?<percent>[0-9]+)-seed(?<seed>[0-9]+)",
        numbers => new RandomBlocks(
            numbers.Within("size", IBlockPattern.SmallestBlock, IBlockPattern.LargestBlock, "block"),
            numbers.Within("percent", 1, 100, "percentage"), numbers.AtLeast("seed", 0, "seed")));

    /// <inheritdoc/>
    public int BlockSize { get; }

    /// <summary>Blocks out of a hundred that are visible, on average.</summary>
    public int Percent { get; }

    /// <summary>Equal seeds give equal patterns.</summary>
    public int Seed { get; }

    /// <inheritdoc/>
    public override string Name => string.Create(CultureInfo.InvariantCulture, $"blocks{BlockSize}-p{Percent}-seed{Seed}");

    /// <inheritdoc/>
    public override bool IsContiguous => false;

    /// <inheritdoc/>
    public override int Span => BlockSize;

    /// <inheritdoc/>
    public override int PictureTokens => 16 * BlockSize;

    bool IBlockPattern.IsAligned => false;

    /// <inheritdoc/>
    public override int Count(in MaskedHead head, int query, int key) => BlockPart.Count(head, query, key);

    /// <inheritdoc/>
    public override PatternPart Part(int index) => BlockPart.Instance;

    int IBlockPattern.NextBlock(in MaskedHead head, int row, int column)
    {
        int blocks = (head.Keys - 1) / BlockSize + 1;
        while (column < blocks && PatternRandom.Below(100, Seed, 0, row, column) >= Percent)
            column++;
        return column;
    }
}
