namespace Kernels.Abstractions;

/// <summary>A mask that shows or hides whole blocks of queries and keys.</summary>
internal interface IBlockPattern
{
    /// <summary>The smallest block.</summary>
    const int SmallestBlock = 16;

    /// <summary>The largest block.</summary>
    const int LargestBlock = 128;

    /// <summary>Tokens of a block.</summary>
    int BlockSize { get; }

    /// <summary>
    /// Whether queries are cut into blocks by their positions among the keys, so that the diagonal of blocks is the diagonal of
    /// tokens; otherwise by their numbers.
    /// </summary>
    bool IsAligned { get; }

    /// <summary>The first visible block of keys at or after <paramref name="column"/>; any number beyond the last block when there is none.</summary>
    int NextBlock(in MaskedHead head, int row, int column);
}
