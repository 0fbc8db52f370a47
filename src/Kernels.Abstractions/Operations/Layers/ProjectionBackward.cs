using System.Collections.Immutable;

namespace Kernels.Abstractions;

/// <summary>
/// The backward pass of y = x·W + b (Rumelhart, Hinton and Williams 1986; Goodfellow et al. 2016, section 6.5.6): dx = dy·Wᵀ, dW = xᵀ·dy and db the sum of the
/// rows of dy, over the rows of all sequences. x and dx are [batch, 1, queries, width], dy [batch, 1, queries, hidden], W and dW [width, hidden] and db
/// [hidden], with <see cref="LayerProblem.Hidden"/> as the width of y. b has no part in it. Heads of the problem mean nothing here.
/// </summary>
public sealed record ProjectionBackward : LayerBackward
{
    /// <summary>Places of the operands in a call, behind x.</summary>
    public const int W = 1, GradY = 2, GradX = 3, GradW = 4, GradB = 5;

    private static readonly IReadOnlyList<ImmutableArray<int>> gradients = [[GradX], [GradW], [GradB]];
    private static readonly ImmutableArray<int> rows = [GradY];

    /// <inheritdoc/>
    public override string Name => "projection-backward";

    /// <inheritdoc/>
    public override string Formula => "dx = dy·Wᵀ, dW = xᵀ·dy, db = Σ dy over all rows; of y = x·W + b";

    /// <inheritdoc/>
    public override IReadOnlyList<ImmutableArray<int>> OutputGroups => gradients;

    /// <inheritdoc/>
    public override ImmutableArray<int> KeyInputs => rows;

    /// <inheritdoc/>
    protected override ImmutableArray<Operand> Operands(LayerProblem problem, Format format)
    {
        Operand x = Rows("x", Role.Input, problem, problem.Queries, problem.Width), w = Matrix("w", format, problem.Width, problem.Hidden);
        return [x, w, Rows("dy", Role.Input, problem, problem.Queries, problem.Hidden), Gradient(x), Gradient(w), Gradient(Vector("b", problem.Hidden))];
    }

    /// <summary>Two products of as many operations as the one of the forward pass; the additions of db do not count.</summary>
    protected override double Flops(LayerProblem problem) => 4.0 * problem.Batch * problem.Queries * problem.Width * problem.Hidden;
}
