using System.Collections.Immutable;

namespace Kernels.Abstractions;

/// <summary>
/// The attention of Bahdanau et al. 2015, section A.1.2: y_i = Σ_j α_ij·c_j with α_i = softmax over j of e_ij = v·tanh(x_i·Wq + c_j·Wk + b). Queries x are
/// [batch, 1, queries, width], rows c of an encoder [batch, 1, keys, width], and so is y as queries are; wq and wk are [width, hidden], b and v [hidden],
/// where the hidden width of the problem is that of the alignment. Every query sees all rows; mask and heads of the problem mean nothing here.
/// </summary>
public sealed record AdditiveAttention : LayerOperation
{
    private static readonly IReadOnlyList<ImmutableArray<int>> output = [[6]];
    private static readonly ImmutableArray<int> context = [1];

    /// <inheritdoc/>
    public override string Name => "additive-attention";

    /// <inheritdoc/>
    public override string Formula => "y_i = Σ_j α_ij·c_j, α_i = softmax over j of v·tanh(x_i·Wq + c_j·Wk + b)";

    /// <inheritdoc/>
    public override IReadOnlyList<ImmutableArray<int>> OutputGroups => output;

    /// <inheritdoc/>
    public override ImmutableArray<int> KeyInputs => context;

    /// <inheritdoc/>
    protected override ImmutableArray<Operand> Operands(LayerProblem problem, Format format) =>
    [
        Rows("x", Role.Input, problem, problem.Queries, problem.Width), Rows("c", Role.Input, problem, problem.Keys, problem.Width),
        .. Alignment(problem.Width, problem, format),
        Rows("y", Role.Output, problem, problem.Queries, problem.Width),
    ];

    /// <summary>
    /// Two products of projections, and for each pair of a query and a row 3·hidden (an addition before tanh, a product with v and its addition, but not
    /// the tanh itself) and 2·width for the weighted sum.
    /// </summary>
    protected override double Flops(LayerProblem problem) =>
        problem.Batch * (2.0 * problem.Width * problem.Hidden * ((double)problem.Queries + problem.Keys)
            + (double)problem.Queries * problem.Keys * PairFlops(problem, problem.Width));

    /// <inheritdoc/>
    protected override string? WhyNot(LayerProblem problem) => RecurrentLayer.TooLarge(Name, problem);

    /// <summary>The weights of an alignment of rows of some width.</summary>
    internal static Operand[] Alignment(int width, LayerProblem problem, Format format) =>
        [Matrix("wq", format, width, problem.Hidden), Vector("b", problem.Hidden), Matrix("wk", format, width, problem.Hidden), Vector("v", problem.Hidden)];

    /// <summary>Operations of one pair of a query and a row.</summary>
    internal static double PairFlops(LayerProblem problem, int width) => 3.0 * problem.Hidden + 2.0 * width;
}
