namespace Kernels.Abstractions;

/// <summary>One head of a problem, as its mask needs it: patterns may differ from head to head.</summary>
/// <param name="Mask">The mask.</param>
/// <param name="Head">The query head, 0 … heads − 1.</param>
/// <param name="Queries">Query tokens.</param>
/// <param name="Keys">Key tokens.</param>
public readonly record struct MaskedHead(AttentionMask Mask, int Head, int Queries, int Keys)
{
    /// <summary>Position of the first query in the sequence; by default the last query is at the position of the last key.</summary>
    public int QueryStart { get; init; } = Keys - Queries;

    /// <summary>Position of the first key in the sequence.</summary>
    public int KeyStart { get; init; }

    /// <summary>
    /// Number of the key at a query's position, less the query's number. Negative where the first queries precede the first key.
    /// </summary>
    public int Offset => QueryStart - KeyStart;

    /// <summary>The queries whose positions are <c>begin ≤ position &lt; end</c>.</summary>
    public TokenRun QueriesAt(int begin, int end) =>
        TokenRun.Range(Math.Clamp(begin - Offset, 0, Queries), Math.Clamp(end - Offset, 0, Queries));
}
