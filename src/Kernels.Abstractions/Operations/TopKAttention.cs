namespace Kernels.Abstractions;

/// <summary>
/// Softmax attention of each query on only the visible keys with the largest scores (Gupta et al. 2021, Memory-efficient Transformers via
/// Top-k Attention). Scores are compared exactly; of equal scores the earlier key is kept.
/// </summary>
public sealed record TopKAttention : AttentionOperation
{
    /// <summary>Default number of keys, which <see cref="Name"/> omits.</summary>
    public const int UsualCount = 64;

    /// <summary>Defines how many keys a query keeps.</summary>
    /// <param name="count">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">Less than one key.</exception>
    public TopKAttention(int count = UsualCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        Count = count;
    }

    /// <summary>Keys that a query keeps.</summary>
    public int Count { get; }

    /// <inheritdoc/>
    public override string Name => Count == UsualCount ? "top-k" : $"top-{Count}";

    /// <inheritdoc/>
    public override string Formula => $"softmax(QKᵀ·scale + mask)·V over the {Count} largest scores of each query, of equal ones the earlier key";

    /// <inheritdoc/>
    /// <remarks>All scores of visible keys, and the products with the values that remain.</remarks>
    protected override double Flops(AttentionProblem problem)
    {
        long kept = 0;
        for (int query = 0; query < problem.Queries; query++)
            kept += Math.Min(Count, problem.VisibleKeys(query).Length);
        return 2.0 * problem.Batch * (problem.HeadDim * problem.CountVisiblePairs() + (double)problem.ValueDim * problem.Heads * kept);
    }

    /// <inheritdoc/>
    public override double StateLength(AttentionProblem problem) => Operations.Softmax.StateLength(problem);
}
