using System.Globalization;

namespace Kernels.Abstractions;

/// <summary>
/// Block-sparse attention with a pattern given as data: a matrix of rows of query blocks and columns of key blocks, the same in every head.
/// Keys beyond the matrix are hidden.
/// </summary>
public sealed record BlockMatrix : AttentionMask, IBlockPattern
{
    private readonly bool[][] visible;
    private readonly string name;

    /// <summary>Creates the pattern of a matrix.</summary>
    /// <param name="blockSize">Tokens of a block, 16 to 128.</param>
    /// <param name="visible">[query block][key block]; rows of the same length, at least one of them, not empty.</param>
    /// <param name="source">Where the matrix comes from; part of the name.</param>
    /// <exception cref="ArgumentException">The block size or the matrix is invalid.</exception>
    public BlockMatrix(int blockSize, IReadOnlyList<IReadOnlyList<bool>> visible, string source)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(blockSize, IBlockPattern.SmallestBlock);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(blockSize, IBlockPattern.LargestBlock);
        if (visible.Count == 0 || visible[0].Count == 0 || visible.Any(row => row.Count != visible[0].Count))
            throw new ArgumentException("The rows of a block pattern must be of the same length and not empty.", nameof(visible));
        BlockSize = blockSize;
        this.visible = [.. visible.Select(row => row.ToArray())];
        name = string.Create(CultureInfo.InvariantCulture, $"blocks{blockSize}@{source}");
    }

    /// <summary>
    /// Parses the name: the file has a line for each row of blocks, a 1 for each visible block and a 0 for each hidden one.
    /// </summary>
    public static MaskForm Form { get; } = new(
        "blocks64@FILE", "", "blocks(?<size>[0-9]+)@(?<file>.+)",
        numbers => new BlockMatrix(
            numbers.Within("size", IBlockPattern.SmallestBlock, IBlockPattern.LargestBlock, "block"), Load(numbers), numbers.Text("file")));

    /// <inheritdoc/>
    public int BlockSize { get; }

    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override bool IsContiguous => false;

    /// <inheritdoc/>
    public override int Span => BlockSize;

    /// <inheritdoc/>
    public override int PictureTokens => BlockSize * Math.Max(visible.Length, visible[0].Length);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Lines => [.. visible.Select(row => string.Concat(row.Select(shown => shown ? '1' : '0')))];

    bool IBlockPattern.IsAligned => false;

    /// <inheritdoc/>
    public override string? Misfit(int queries, int keys)
    {
        (int rows, int columns) = ((queries - 1) / BlockSize + 1, (keys - 1) / BlockSize + 1);
        return rows == visible.Length && columns == visible[0].Length
            ? null
            : $"{name} has {visible.Length} × {visible[0].Length} blocks, but {queries:N0} queries and {keys:N0} keys need {rows} × {columns}";
    }

    /// <inheritdoc/>
    public override int Count(in MaskedHead head, int query, int key) => BlockPart.Count(head, query, key);

    /// <inheritdoc/>
    public override PatternPart Part(int index) => BlockPart.Instance;

    /// <inheritdoc/>
    public bool Equals(BlockMatrix? other) =>
        other is not null && other.name == name && visible.Length == other.visible.Length
        && visible.Zip(other.visible).All(rows => rows.First.AsSpan().SequenceEqual(rows.Second));

    /// <inheritdoc/>
    public override int GetHashCode() => name.GetHashCode(StringComparison.Ordinal);

    int IBlockPattern.NextBlock(in MaskedHead head, int row, int column)
    {
        if (row >= visible.Length)
            return int.MaxValue;
        while (column < visible[row].Length && !visible[row][column])
            column++;
        return column < visible[row].Length ? column : int.MaxValue;
    }

    private static bool[][] Load(MaskNumbers numbers)
    {
        IReadOnlyList<string> lines = numbers.Lines("file");
        if (lines.Count == 0)
            throw numbers.Error("the file is empty");
        for (int line = 0; line < lines.Count; line++)
        {
            if (lines[line].AsSpan().ContainsAnyExcept('0', '1'))
                throw numbers.Error($"row {line + 1} of the file has something other than 0 and 1");
            if (lines[line].Length != lines[0].Length)
                throw numbers.Error($"row {line + 1} of the file has {lines[line].Length} blocks, the first has {lines[0].Length}");
        }
        return [.. lines.Select(line => line.Select(digit => digit == '1').ToArray())];
    }
}
