using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// Softmax attention on the best keys alone. Which keys are best is decided exactly also for plain float32: a plain comparison would now and
/// then take another key, and allow anything.
/// </summary>
/// <param name="operation">The operation.</param>
public sealed class TopKReference(TopKAttention operation) : SoftmaxReference(operation)
{
    /// <inheritdoc/>
    public override IReadOnlyList<WrongKernel> WrongKernels() =>
    [
        new(new OtherOperation("top-k-minus-one", "keeps one key less than it should", operation, new TopKReference(new(operation.Count - 1))), FailureKind.Inaccurate),
        new(new OtherOperation("top-k-all", "keeps all keys", operation, new TopKReference(new(int.MaxValue))), FailureKind.Inaccurate),
    ];

    private protected override AttentionRow Seen(Inputs inputs, int headIndex, int query)
    {
        AttentionRow row = base.Seen(inputs, headIndex, query);
        if (row.Keys == 0)
            return row;
        int[] kept = TopKeys.Select(row.Q, row.K, row.Scale, operation.Count);
        return row.On(TopKeys.Gather(row.K, kept, row.Q.Length), TopKeys.Gather(row.V, kept, row.ValueDim));
    }
}
