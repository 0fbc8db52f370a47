using System.Collections.Immutable;

namespace Kernels.Abstractions;

/// <summary>
/// The backward pass of the feed-forward network y = a·W2 + b2 of a transformer (Vaswani et al. 2017, equation 2), a = f(u) with u = x·W1 + b1, or with a gate
/// a = f(u)∘v with v = x·W3 + b3 (Shazeer 2020). With g = dy·W2ᵀ and du = g∘f′(u), or du = g∘v∘f′(u) and dv = g∘f(u): dx = du·W1ᵀ + dv·W3ᵀ, dW1 = xᵀ·du, db1 = Σ du,
/// dW3 = xᵀ·dv, db3 = Σ dv, dW2 = aᵀ·dy, db2 = Σ dy, sums over the rows of all sequences. u and v are no inputs: they are computed again. x, dy and dx are
/// [batch, 1, queries, width], W1 and W3 [width, hidden], W2 [hidden, width], as their gradients are; b2 has no part in it. Heads of the problem mean nothing here.
/// <para>The derivative of max(u, 0) at 0 is 0.</para>
/// </summary>
public sealed record FeedForwardBackward : LayerBackward
{
    // Products of the sizes of x·W1: u, g, dW2, dW1 and dx; with a gate v, dW3 and its share of dx besides.
    private const int Products = 5, GatedProducts = 8;

    /// <summary>The function of the network.</summary>
    public Activation Activation { get; init; }

    /// <summary>Whether there is a second product beside the first.</summary>
    public bool IsGated => Activation == Activation.SwiGlu;

    /// <summary>Place of dy in a call.</summary>
    public int GradY => IsGated ? 6 : 4;

    /// <inheritdoc/>
    public override string Name => "feed-forward-backward" + (Activation == Activation.Gelu ? "" : $"-{Activation.ToString().ToLowerInvariant()}");

    /// <inheritdoc/>
    public override string Formula => IsGated
        ? "dx = du·W1ᵀ + dv·W3ᵀ, dW1 = xᵀ·du, dW3 = xᵀ·dv, dW2 = aᵀ·dy, db1, db3, db2 = Σ du, dv, dy over all rows; g = dy·W2ᵀ, du = g∘v∘silu′(u), dv = g∘silu(u), "
            + "a = silu(u)∘v, u = x·W1 + b1, v = x·W3 + b3"
        : $"dx = du·W1ᵀ, dW1 = xᵀ·du, dW2 = aᵀ·dy, db1, db2 = Σ du, dy over all rows; du = dy·W2ᵀ∘{Function}′(u), a = {Function}(u), u = x·W1 + b1";

    private string Function => Activation.ToString().ToLowerInvariant();

    /// <inheritdoc/>
    public override IReadOnlyList<ImmutableArray<int>> OutputGroups =>
        [.. Enumerable.Range(GradY + 1, IsGated ? 7 : 5).Select(place => ImmutableArray.Create(place))];

    /// <inheritdoc/>
    public override ImmutableArray<int> KeyInputs => [GradY];

    /// <inheritdoc/>
    /// <remarks>Of dy alone: other rows of x could make u nearly 0, where the derivative of max(u, 0) jumps and depends on the order of a sum.</remarks>
    public override ImmutableArray<int> QueryInputs => [GradY];

    /// <inheritdoc/>
    protected override ImmutableArray<Operand> Operands(LayerProblem problem, Format format)
    {
        Operand x = Rows("x", Role.Input, problem, problem.Queries, problem.Width);
        Operand[] inputs =
        [
            Matrix("w1", format, problem.Width, problem.Hidden), Vector("b1", problem.Hidden),
            .. IsGated ? (Operand[])[Matrix("w3", format, problem.Width, problem.Hidden), Vector("b3", problem.Hidden)] : [],
            Matrix("w2", format, problem.Hidden, problem.Width),
        ];
        return [x, .. inputs, x with { Name = "dy" }, Gradient(x), .. inputs.Select(Gradient), Gradient(Vector("b2", problem.Width))];
    }

    /// <summary>The products of the gradients, and those of the forward pass that u, and v, are computed again by.</summary>
    protected override double Flops(LayerProblem problem) =>
        2.0 * (IsGated ? GatedProducts : Products) * problem.Batch * problem.Queries * problem.Width * problem.Hidden;
}
