using System.Collections.Immutable;

namespace Kernels.Abstractions;

/// <summary>
/// A function of x·W + b for every row: x is [batch, 1, queries, width], W [width, hidden], or [hidden, width] in the other order, and b [hidden], with
/// <see cref="LayerProblem.Hidden"/> as the width of y, [batch, 1, queries, hidden]. Keys, mask and heads of the problem mean nothing here.
/// </summary>
public abstract record RowProduct : LayerOperation
{
    /// <summary>Place of W in a call, before that of b.</summary>
    public const int W = 1;

    private static readonly IReadOnlyList<ImmutableArray<int>> output = [[3]];

    /// <inheritdoc/>
    public sealed override bool IsRowwise => true;

    /// <inheritdoc/>
    public sealed override IReadOnlyList<ImmutableArray<int>> OutputGroups => output;

    /// <inheritdoc/>
    protected sealed override ImmutableArray<Operand> Operands(LayerProblem problem, Format format) =>
    [
        Rows("x", Role.Input, problem, problem.Queries, problem.Width),
        Weights("w", format, problem.Width, problem.Hidden), Vector("b", problem.Hidden),
        Rows("y", Role.Output, problem, problem.Queries, problem.Hidden),
    ];

    /// <inheritdoc/>
    protected sealed override double Flops(LayerProblem problem) => 2.0 * problem.Batch * problem.Queries * problem.Width * problem.Hidden;
}
