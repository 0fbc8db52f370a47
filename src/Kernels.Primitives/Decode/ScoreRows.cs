namespace Kernels.Primitives.Decode;

/// <summary>The scores of a block of keys, row by row, and the softmax state of the rows.</summary>
public readonly unsafe struct ScoreRows
{
    /// <summary>Scores, and weights afterwards, [row, <see cref="DecodeLayout.ScoreStride"/>].</summary>
    public required float* Scores { get; init; }

    /// <summary>Rows.</summary>
    public required int Rows { get; init; }

    /// <summary>Keys. The scores behind them, up to whole vectors, are set to −∞ and get the weight 0.</summary>
    public required int Keys { get; init; }

    /// <summary>Factor of the scores, in units of log₂ e, positive.</summary>
    public required float Scale { get; init; }

    /// <summary>Running maximum of the scores, not yet scaled, [row].</summary>
    public required float* Max { get; init; }

    /// <summary>Running sum of weights, [row] to whole vectors.</summary>
    public required float* Sum { get; init; }

    /// <summary>Sum of the weights of the block, [row] to whole vectors.</summary>
    public required float* BlockSum { get; init; }

    /// <summary>Factor of the sums before this block, [row] to whole vectors.</summary>
    public required float* Rescale { get; init; }
}
