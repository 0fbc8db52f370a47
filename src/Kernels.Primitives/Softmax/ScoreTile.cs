namespace Kernels.Primitives.Softmax;

/// <summary>
/// The scores of a block of keys for the rows of a query tile, and the softmax state of the rows. Scores are transposed, so a lane is a
/// row; every array of rows can be read and written in whole vectors.
/// </summary>
public readonly unsafe struct ScoreTile
{
    /// <summary>Scores, and weights afterwards, [key, <see cref="Stride"/>].</summary>
    public required float* Scores { get; init; }

    /// <summary>Floats from one key to the next.</summary>
    public required nint Stride { get; init; }

    /// <summary>Keys of the block.</summary>
    public required int Keys { get; init; }

    /// <summary>Rows of the tile.</summary>
    public required int Rows { get; init; }

    /// <summary>Factor of the scores, in units of log₂ e, positive.</summary>
    public required float Scale { get; init; }

    /// <summary>A constant factor of every weight.</summary>
    public required float WeightFactor { get; init; }

    /// <summary>Lazy reference: the running maximum or a number near it, not yet scaled, [row].</summary>
    public required float* Reference { get; init; }

    /// <summary>Largest score of the block, not yet scaled, [row].</summary>
    public required float* BlockMax { get; init; }

    /// <summary>Sum of the weights of the block, [row].</summary>
    public required float* BlockSum { get; init; }

    /// <summary>Running sum of weights, [row].</summary>
    public required float* Sum { get; init; }

    /// <summary>Factor of the sums before this block, [row].</summary>
    public required float* Rescale { get; init; }
}
