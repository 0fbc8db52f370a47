namespace Kernels.Flash.Interleaved;

/// <summary>
/// The operands of a column of <see cref="InterleavedTile{TColumns}"/>: scores[key, row] = Σ over steps of keys[key, step] ·
/// queries[step, row]. All strides count floats.
/// </summary>
internal readonly unsafe struct InterleavedTiles
{
    /// <summary>[keys, headDim], the first key of the first tile.</summary>
    public required float* Keys { get; init; }

    /// <summary>Stride of a key.</summary>
    public required nint KeyStride { get; init; }

    /// <summary>Packed queries, [headDim, <see cref="QueryTile.MaxRows"/>].</summary>
    public required float* Queries { get; init; }

    /// <summary>Where the scores of the first tile go, [key, <see cref="FlashScratch.ScoreStride"/>]; those of the tile before end here.</summary>
    public required float* Scores { get; init; }

    /// <summary>What <see cref="LazyWeights"/> keeps of each row.</summary>
    public required float* State { get; init; }

    /// <summary>What <see cref="LazyWeights.WriteConstants"/> wrote.</summary>
    public required float* Constants { get; init; }

    /// <summary>Head dimension, at least 1.</summary>
    public required int Steps { get; init; }

    /// <summary>Number of tiles, one after the other in keys and scores.</summary>
    public required int Count { get; init; }

    /// <summary>Whether there is a tile before the first, whose scores are to become weights.</summary>
    public required bool HasPrevious { get; init; }
}
