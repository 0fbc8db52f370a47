namespace Kernels.Primitives.Decode;

/// <summary>The scores of a block of keys, a row after the other, and what the rows keep from block to block.</summary>
public readonly unsafe struct ScoreRows
{
    /// <summary>Scores, and weights afterwards, [row, <see cref="DecodeLayout.ScoreStride"/>].</summary>
    public required float* Scores { get; init; }

    /// <summary>Rows.</summary>
    public required int Rows { get; init; }

    /// <summary>Keys; up to whole vectors, the scores behind them become −∞ and so weigh nothing.</summary>
    public required int Keys { get; init; }

    /// <summary>Factor of the scores, in units of log₂ e, positive.</summary>
    public required float Scale { get; init; }

    /// <summary>Running maximum of the scores, not yet scaled, [row].</summary>
    public required float* Max { get; init; }

    /// <summary>Running sum of weights, [row] to whole vectors.</summary>
    public required float* Sum { get; init; }

    /// <summary>Sum of the weights of the block, [row] to whole vectors.</summary>
    public required float* BlockSum { get; init; }

    /// <summary>Factor of what was summed before this block, [row] to whole vectors.</summary>
    public required float* Rescale { get; init; }
}
