using System.Collections.Immutable;

namespace Kernels.Abstractions;

/// <summary>
/// A product with a matrix by itself: y = x·W + b for every row. x is [batch, 1, queries, width], W [width, hidden] and b [hidden], with
/// <see cref="LayerProblem.Hidden"/> as the width of y, [batch, 1, queries, hidden]; <see cref="ProjectionBackward"/> is its way back. Keys, mask and
/// heads of the
/// problem mean nothing here.
/// </summary>
public sealed record Projection : LayerOperation
{
    /// <summary>Place of W in a call, before that of b.</summary>
    public const int W = 1;

    private static readonly IReadOnlyList<ImmutableArray<int>> output = [[3]];

    /// <inheritdoc/>
    public override string Name => "projection";

    /// <inheritdoc/>
    public override string Formula => "x·W + b";

    /// <inheritdoc/>
    public override bool IsRowwise => true;

    /// <inheritdoc/>
    public override IReadOnlyList<ImmutableArray<int>> OutputGroups => output;

    /// <inheritdoc/>
    protected override ImmutableArray<Operand> Operands(LayerProblem problem, Format format) =>
    [
        Rows("x", Role.Input, problem, problem.Queries, problem.Width),
        Matrix("w", format, problem.Width, problem.Hidden), Vector("b", problem.Hidden),
        Rows("y", Role.Output, problem, problem.Queries, problem.Hidden),
    ];

    /// <inheritdoc/>
    protected override double Flops(LayerProblem problem) => 2.0 * problem.Batch * problem.Queries * problem.Width * problem.Hidden;
}
