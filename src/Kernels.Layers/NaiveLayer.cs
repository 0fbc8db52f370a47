using Kernels.Abstractions;

namespace Kernels.Layers;

/// <summary>
/// A layer as a textbook writes it: first keys and values of every token, then for each token a query, its attention head by head, and the feed-forward
/// network, in loops over single numbers.
/// </summary>
/// <param name="operation">The layer.</param>
public sealed unsafe class NaiveLayer(AttentionLayer operation) : Kernel
{
    private readonly TransformerLayer? layer = operation as TransformerLayer;

    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new($"layers-naive-{operation.Name}", "each row by itself, in the order of the formula", operation);

    /// <summary>The attentions of a problem, which no item creates anew.</summary>
    internal sealed record NaivePlan(AttentionProblem Self, AttentionProblem Cross, int Keys, int CrossKeys, int Rows) : Plan(Keys, CrossKeys, Rows);

    // Whether the only attention is to rows of an encoder.
    private bool IsCross => operation is MultiHeadAttention { Cross: true };

    /// <summary>Of caches alone, which have room for tokens to come.</summary>
    public override bool TakesStrides(Operand operand) => operand.Role == Role.Accumulated;

    /// <inheritdoc/>
    protected override Plan PlanFor(Problem problem)
    {
        var sizes = (LayerProblem)problem;
        int most = Math.Max(sizes.Queries, sizes.Keys);
        return new NaivePlan(
            layer?.SelfCore(sizes) ?? sizes.Core, TransformerLayer.CrossCore(sizes),
            sizes.Batch * (IsCross ? sizes.Keys : sizes.Queries), layer is { Cross: true } ? sizes.Batch * sizes.Keys : 0, sizes.Batch * sizes.Queries)
        {
            SharedBytes = sizeof(float) * 4L * sizes.Batch * most * sizes.KeyWidth,
            ThreadBytes = sizeof(float) * (4L * sizes.Width + 2L * sizes.QueryWidth + most + 2L * sizes.Hidden),
        };
    }

    /// <inheritdoc/>
    protected override void Compute(in Call call, int stage, int item)
    {
        var work = new NaiveRows(call, operation);
        if (stage == 0)
            work.Keys(IsCross ? "c" : "x", isCross: false, item);
        else if (stage == 1)
            work.Keys("c", isCross: true, item);
        else
            work.Output(item);
    }
}
