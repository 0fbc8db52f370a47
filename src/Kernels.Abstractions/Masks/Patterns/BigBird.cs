using System.Globalization;

namespace Kernels.Abstractions;

/// <summary>
/// BigBird (Zaheer et al. 2020), section 2 and appendix D, in blocks as the paper computes it: each block of queries sees a window of
/// blocks around its own, the first blocks, which are global, and some random blocks among the others, different in each head; global
/// blocks see all keys.
/// </summary>
public sealed record BigBird : AttentionMask, IBlockPattern
{
    private const int MostRandom = 64;

    /// <summary>Creates the pattern.</summary>
    /// <param name="blockSize">Tokens of a block, 16 to 128.</param>
    /// <param name="window">Blocks of the window, centred on the block of the query: an odd number.</param>
    /// <param name="global">Global blocks, at the beginning of the sequence.</param>
    /// <param name="random">Random blocks of each row, up to 64; all other blocks where the sequence has fewer.</param>
    /// <param name="seed">Equal seeds give equal patterns.</param>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public BigBird(int blockSize, int window, int global, int random, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(blockSize, IBlockPattern.SmallestBlock);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(blockSize, IBlockPattern.LargestBlock);
        ArgumentOutOfRangeException.ThrowIfNegative(global);
        ArgumentOutOfRangeException.ThrowIfNegative(random);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(random, MostRandom);
        ArgumentOutOfRangeException.ThrowIfNegative(seed);
        if (window < 1 || window % 2 == 0)
            throw new ArgumentException("The window must be an odd number of blocks.", nameof(window));
        (BlockSize, WindowBlocks, Global, Random, Seed) = (blockSize, window, global, random, seed);
    }

    /// <summary>Parses the name.</summary>
    public static MaskForm Form { get; } = new(
        "bigbird64-w3-g1-r3-seed1", "bigbird16-w3-g1-r2-seed1",
        "bigbird(?<size>[0-9]+)-w(?<window>[0-9]+)-g(?<global>[0-9]+)-r(?<random>[0-9]+)-seed(?<seed>[0-9]+)",
        numbers => numbers.AtLeast("window", 1, "window") % 2 == 0
            ? throw numbers.Error("the window must be an odd number of blocks")
            : new BigBird(
                numbers.Within("size", IBlockPattern.SmallestBlock, IBlockPattern.LargestBlock, "block"),
                numbers.AtLeast("window", 1, "window"), numbers.AtLeast("global", 0, "number of global blocks"),
                numbers.Within("random", 0, MostRandom, "number of random blocks"), numbers.AtLeast("seed", 0, "seed")));

    /// <inheritdoc/>
    public int BlockSize { get; }

    /// <summary>Blocks of the window, an odd number.</summary>
    public int WindowBlocks { get; }

    /// <summary>Global blocks.</summary>
    public int Global { get; }

    /// <summary>Random blocks of each row.</summary>
    public int Random { get; }

    /// <summary>Equal seeds give equal patterns.</summary>
    public int Seed { get; }

    /// <inheritdoc/>
    public override string Name =>
        string.Create(CultureInfo.InvariantCulture, $"bigbird{BlockSize}-w{WindowBlocks}-g{Global}-r{Random}-seed{Seed}");

    /// <inheritdoc/>
    public override bool IsContiguous => false;

    /// <inheritdoc/>
    public override int Span => (int)Math.Min(int.MaxValue, (long)Math.Max(WindowBlocks / 2 + 1, Global) * BlockSize);

    /// <inheritdoc/>
    public override int PictureTokens => 16 * BlockSize;

    bool IBlockPattern.IsAligned => true;

    /// <inheritdoc/>
    public override int Count(in MaskedHead head, int query, int key) => BlockPart.Count(head, query, key);

    /// <inheritdoc/>
    public override PatternPart Part(int index) => BlockPart.Instance;

    int IBlockPattern.NextBlock(in MaskedHead head, int row, int column)
    {
        int blocks = (head.Keys - 1) / BlockSize + 1;
        int begin = Math.Max(row - WindowBlocks / 2, 0), end = (int)Math.Min((long)row + WindowBlocks / 2 + 1, blocks);
        if (row < Global || column < Global || (column >= begin && column < end))
            return column;
        Span<int> chosen = stackalloc int[MostRandom];
        int next = column < begin ? begin : blocks;
        foreach (int block in chosen[..Draw(head.Head, row, blocks, begin, end, chosen)])
            next = block >= column ? Math.Min(next, block) : next;
        return next;
    }

    // Floyd's sample of distinct numbers; Bentley and Floyd 1987, A Sample of Brilliance. The numbers count the blocks that are neither
    // global nor in the window.
    private int Draw(int head, int row, int blocks, int begin, int end, Span<int> chosen)
    {
        begin = Math.Max(begin, Math.Min(Global, blocks));
        end = Math.Max(end, begin);
        int before = begin - Math.Min(Global, begin), candidates = before + blocks - end, count = Math.Min(Random, candidates);
        for (int i = 0; i < count; i++)
        {
            int last = candidates - count + i, drawn = PatternRandom.Below(last + 1, Seed, head, row, i);
            int block = Block(drawn);
            chosen[i] = chosen[..i].Contains(block) ? Block(last) : block;
        }
        return count;

        int Block(int candidate) => candidate < before ? Global + candidate : end + candidate - before;
    }
}
