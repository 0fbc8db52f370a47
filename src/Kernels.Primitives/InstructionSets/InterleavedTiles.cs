namespace Kernels.Primitives.InstructionSets;

/// <summary>
/// The operands of a column of <see cref="InterleavedTile{TSet, TColumns}"/>: scores[key, row] = Σ over steps of keys[key, step] ·
/// queries[step, row]. All strides count floats.
/// </summary>
public readonly unsafe struct InterleavedTiles
{
    /// <summary>[keys, headDim], the first key of the first tile.</summary>
    public required float* Keys { get; init; }

    /// <summary>Stride of a key.</summary>
    public required nint KeyStride { get; init; }

    /// <summary>Packed queries, [headDim, <see cref="IInstructionSet.QueryRows"/>].</summary>
    public required float* Queries { get; init; }

    /// <summary>Scores of the first tile, [key, <see cref="IInstructionSet.ScoreStride"/>]; those of the tile before end here.</summary>
    public required float* Scores { get; init; }

    /// <summary>
    /// Three consecutive arrays of <see cref="IInstructionSet.QueryRows"/> floats behind one address: lazy reference, largest score so far
    /// and sum of weights so far.
    /// </summary>
    public required float* State { get; init; }

    /// <summary>What <see cref="IInterleavedKernels.WriteConstants"/> wrote.</summary>
    public required float* Constants { get; init; }

    /// <summary>Head dimension, at least 1.</summary>
    public required int Steps { get; init; }

    /// <summary>Number of tiles, one after the other in keys and scores.</summary>
    public required int Count { get; init; }

    /// <summary>Whether there is a tile before the first, whose scores become weights.</summary>
    public required bool HasPrevious { get; init; }
}
