namespace Kernels.Abstractions;

/// <summary>One head of a problem, as its mask needs it: patterns may differ from head to head.</summary>
/// <param name="Mask">The mask.</param>
/// <param name="Head">The query head, 0 … heads − 1.</param>
/// <param name="Queries">Query tokens.</param>
/// <param name="Keys">Key tokens.</param>
public readonly record struct MaskedHead(AttentionMask Mask, int Head, int Queries, int Keys)
{
    /// <summary>
    /// Distance from a query's number to its position among the keys: the last query is aligned to the last key. Negative where there
    /// are more queries than keys; the first queries then stand before the sequence.
    /// </summary>
    public int Offset => Keys - Queries;

    /// <summary>The queries whose positions are <c>begin ≤ position &lt; end</c>.</summary>
    public TokenRun QueriesAt(int begin, int end) =>
        TokenRun.Range(Math.Clamp(begin - Offset, 0, Queries), Math.Clamp(end - Offset, 0, Queries));
}
