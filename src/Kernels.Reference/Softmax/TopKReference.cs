using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// Softmax attention on only the keys with the largest scores. They are selected exactly for plain float32 too: a float32 comparison may
/// select another key, and the error of plain float32 would then allow any result.
/// </summary>
/// <param name="operation">The operation.</param>
public sealed class TopKReference(TopKAttention operation) : SoftmaxReference(operation)
{
    /// <inheritdoc/>
    public override IReadOnlyList<WrongKernel> WrongKernels() =>
    [
        new(new OtherOperation("top-k-minus-one", "keeps one key less than it should", operation, new TopKReference(new(operation.Count - 1))),
            FailureKind.Inaccurate),
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
