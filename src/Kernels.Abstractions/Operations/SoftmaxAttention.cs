using System.Collections.Immutable;

namespace Kernels.Abstractions;

/// <summary>softmax(QKᵀ·scale + mask)·V, Vaswani et al. 2017, equation 1. A row that sees no key is zeros.</summary>
public record SoftmaxAttention : AttentionOperation
{
    /// <inheritdoc/>
    public override string Name => "softmax";

    /// <inheritdoc/>
    public override string Formula => "softmax(QKᵀ·scale + mask)·V";

    /// <inheritdoc/>
    /// <remarks>Keys and values; under a window, only those that later queries can see.</remarks>
    public sealed override double StateLength(AttentionProblem problem) => PerKvHead(
        problem, problem.Mask is WindowMask window ? Math.Min(problem.Keys, window.Left + 1.0) : problem.Keys, problem.HeadDim + problem.ValueDim);

    /// <inheritdoc/>
    protected sealed override double Flops(AttentionProblem problem) => PairFlops(problem);
}

/// <summary>
/// Softmax attention and the log-sum-exp of each row, lse = log Σ exp(q·k·scale) over the visible keys, in natural units: what a backward
/// pass needs to compute the weights again, and what joins attention over parts of the keys. −∞ for a row that sees no key.
/// </summary>
public sealed record SoftmaxLse : SoftmaxAttention
{
    /// <inheritdoc/>
    public override string Name => "softmax-lse";

    /// <inheritdoc/>
    public override IReadOnlyList<ImmutableArray<int>> OutputGroups => outputWithLse;

    /// <inheritdoc/>
    public override string Formula => "softmax(QKᵀ·scale + mask)·V and lse = log Σ exp(QKᵀ·scale + mask)";

    /// <inheritdoc/>
    protected override ImmutableArray<Operand> Operands(AttentionProblem problem, Format format) =>
        base.Operands(problem, format).Add(RowSums(problem, Role.Output));
}

/// <summary>
/// One step of softmax attention over keys that arrive in blocks: o and lse hold attention over the earlier keys, and the keys of the
/// problem, which begin at <see cref="AttentionProblem.KeyStart"/>, are joined to them. With weights exp(lse) for the old o and
/// exp(q·k·scale) for each new value, o becomes their weighted mean, and lse the logarithm of the sum of weights. A row that sees no key of
/// the block keeps o and lse; a row that has seen no key so far has o = 0 and lse = −∞. Ring attention (Liu et al. 2023, section 3.1).
/// </summary>
public sealed record SoftmaxStep : SoftmaxAttention
{
    /// <inheritdoc/>
    public override string Name => "softmax-step";

    /// <inheritdoc/>
    public override IReadOnlyList<ImmutableArray<int>> OutputGroups => outputWithLse;

    /// <inheritdoc/>
    public override string Formula => "o ← (eˡˢᵉ·o + exp(QKᵀ·scale + mask)·V)/(eˡˢᵉ + Σ exp), lse ← log(eˡˢᵉ + Σ exp)";

    /// <inheritdoc/>
    protected override ImmutableArray<Operand> Operands(AttentionProblem problem, Format format) =>
        Tensors(problem, format, Role.Accumulated).Add(RowSums(problem, Role.Accumulated));
}
