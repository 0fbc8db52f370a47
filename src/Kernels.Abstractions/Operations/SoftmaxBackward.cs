using System.Collections.Immutable;

namespace Kernels.Abstractions;

/// <summary>
/// The backward pass of softmax attention: from the gradient dO of the output, the gradients of q, k and v. o and lse are those that
/// <see cref="SoftmaxLse"/> gave; they are inputs like any other, so that the gradients over parts of the keys, with o and lse over all
/// keys, add up to those over all of them (Liu et al. 2023, section 3.1). With P = exp(QKᵀ·scale − lse) over the visible pairs, each as
/// often as it counts, D the row sums of dO∘O, and dS = P∘(dO·Vᵀ − D):
/// dV = Pᵀ·dO, dQ = scale·dS·K, dK = scale·dSᵀ·Q. Heads that share keys and values add to the same dK and dV. A query that sees no key
/// (lse −∞) has dQ = 0, and a key that no query sees has dK = dV = 0. Dao et al. 2022, FlashAttention, section B.2.
/// </summary>
public sealed record SoftmaxBackward : AttentionOperation
{
    /// <summary>Places of the gradients in a call: of the output, which is read, and of q, k and v, which are written.</summary>
    public const int GradO = 5, GradQ = 6, GradK = 7, GradV = 8;

    private static readonly IReadOnlyList<ImmutableArray<int>> gradients = [[GradQ], [GradK, GradV]];

    /// <inheritdoc/>
    public override string Name => "softmax-backward";

    /// <inheritdoc/>
    public override string Formula => "dV = Pᵀ·dO, dQ = scale·dS·K, dK = scale·dSᵀ·Q; P = exp(QKᵀ·scale + mask − lse), dS = P∘(dO·Vᵀ − rowsum(dO∘O))";

    /// <inheritdoc/>
    /// <remarks>Rows of dk and dv belong to keys.</remarks>
    public override IReadOnlyList<ImmutableArray<int>> OutputGroups => gradients;

    /// <inheritdoc/>
    public override SoftmaxLse Forward => Abstractions.Operations.SoftmaxLse;

    /// <inheritdoc/>
    /// <remarks>A backward pass is no part of decoding.</remarks>
    public override double StateLength(AttentionProblem problem) => 0;

    /// <inheritdoc/>
    protected override ImmutableArray<Operand> Operands(AttentionProblem problem, Format format)
    {
        ImmutableArray<Operand> forward = Tensors(problem, format, Role.Input);
        forward = forward.SetItem(O, forward[O] with { Element = format.Input });
        return
        [
            .. forward,
            RowSums(problem, Role.Input),
            forward[O] with { Name = "do" },
            .. Gradients(forward, format),
        ];
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Five products for each visible pair, three of them (QKᵀ, dS·K and dSᵀ·Q) over headDim channels, two (dO·Vᵀ and Pᵀ·dO) over
    /// valueDim: 2.5 times those of the forward pass where both are equal.
    /// </remarks>
    protected override double Flops(AttentionProblem problem) =>
        2.0 * problem.Batch * problem.CountVisiblePairs() * (3.0 * problem.HeadDim + 2.0 * problem.ValueDim);
}
