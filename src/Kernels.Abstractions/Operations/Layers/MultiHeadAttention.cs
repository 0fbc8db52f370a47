using System.Collections.Immutable;

namespace Kernels.Abstractions;

/// <summary>
/// Multi-head attention: y = concat(heads)·Wo + bo, where a head is softmax(q·kᵀ·scale + mask)·v of its columns of q = x·Wq + bq, k = c·Wk + bk and
/// v = c·Wv + bv. c is x in self-attention, the rows of an encoder in cross-attention. Vaswani et al. 2017, section 3.2.2. Groups of heads share
/// keys and values (Ainslie et al. 2023).
/// </summary>
public sealed record MultiHeadAttention : AttentionLayer
{
    private static readonly IReadOnlyList<ImmutableArray<int>> selfOutput = [[9]], crossOutput = [[10]];
    private static readonly ImmutableArray<int> context = [1];

    /// <inheritdoc/>
    public override string Name => (Cross ? "cross-attention" : "multi-head") + Suffix;

    /// <inheritdoc/>
    public override string Formula =>
        $"concat over heads of {(Attention == Abstractions.Operations.Softmax ? "softmax(q·kᵀ·scale + mask)·v" : Attention.Formula)}, times Wo + bo; q = "
        + $"x·Wq + bq, k, v = {(Cross ? "c" : "x")}·Wk, Wv + bk, bv";

    /// <inheritdoc/>
    public override IReadOnlyList<ImmutableArray<int>> OutputGroups => Cross ? crossOutput : selfOutput;

    /// <inheritdoc/>
    public override ImmutableArray<int> KeyInputs => Cross ? context : base.KeyInputs;

    /// <inheritdoc/>
    protected override ImmutableArray<Operand> Operands(LayerProblem problem, Format format) =>
    [
        Rows("x", Role.Input, problem, problem.Queries, problem.Width),
        .. Cross ? (Operand[])[Rows("c", Role.Input, problem, problem.Keys, problem.Width)] : [],
        .. Projections("", problem, format),
        Rows("y", Role.Output, problem, problem.Queries, problem.Width),
    ];

    /// <inheritdoc/>
    protected override double Flops(LayerProblem problem) => AttentionFlops(problem, problem.Keys, problem.Core);

    /// <inheritdoc/>
    protected override string? WhyNot(LayerProblem problem) => Cross || problem.Keys == problem.Queries
        ? WhyNotBiases
        : $"{Name} is self-attention, with as many keys as queries, not {problem.Keys} and {problem.Queries}";
}
