using System.Collections.Immutable;

namespace Kernels.Abstractions;

/// <summary>
/// The backward pass of an attention whose keys and values add up to a state: from the gradient dO of the output, the gradients of q, k and v.
/// Heads that share keys and values add to the same dK and dV. A query that sees no key has dQ = 0, and a key that no query sees dK = dV = 0.
/// </summary>
public abstract record LinearBackward : AttentionOperation
{
    private static readonly IReadOnlyList<ImmutableArray<int>> afterValues = Groups(O), afterOutput = Groups(O + 1);

    /// <summary>Place of the gradient of the output, which is read; the gradients follow it.</summary>
    public int GradO => TakesOutput ? O + 1 : O;

    /// <summary>Place of the gradient of q.</summary>
    public int GradQ => GradO + 1;

    /// <summary>Place of the gradient of k.</summary>
    public int GradK => GradO + 2;

    /// <summary>Place of the gradient of v.</summary>
    public int GradV => GradO + 3;

    /// <summary>Whether the output o of the forward pass is an input.</summary>
    public abstract bool TakesOutput { get; }

    /// <inheritdoc/>
    /// <remarks>Rows of dk and dv belong to keys.</remarks>
    public sealed override IReadOnlyList<ImmutableArray<int>> OutputGroups => TakesOutput ? afterOutput : afterValues;

    /// <inheritdoc/>
    /// <remarks>A backward pass is no part of decoding.</remarks>
    public sealed override double StateLength(AttentionProblem problem) => 0;

    /// <inheritdoc/>
    protected sealed override ImmutableArray<Operand> Operands(AttentionProblem problem, Format format)
    {
        ImmutableArray<Operand> forward = Tensors(problem, format, Role.Input);
        Operand output = forward[O] with { Element = format.Input };
        return [.. forward[..O], .. TakesOutput ? [output] : ImmutableArray<Operand>.Empty, output with { Name = "do" }, .. Gradients(forward, format)];
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Five products of a state and a row, each of 2·headDim·valueDim operations. For each key of a kv head: it adds to the state of keys and
    /// values, and reads the state of queries and gradients twice, for dK and for dV. For each query of a head: it reads the first state, for dQ,
    /// and adds to the second. Where heads do not share keys, 2.5 times the operations of the forward pass.
    /// </remarks>
    protected sealed override double Flops(AttentionProblem problem) =>
        2.0 * problem.Batch * problem.HeadDim * problem.ValueDim * (3.0 * problem.KvHeads * problem.Keys + 2.0 * problem.Heads * problem.Queries);

    private static IReadOnlyList<ImmutableArray<int>> Groups(int gradO) => [[gradO + 1], [gradO + 2, gradO + 3]];
}

/// <summary>
/// The backward pass of <see cref="LinearEluAttention"/>. With weights W = φ(Q)φ(K)ᵀ over the visible pairs, z their row sums, D the row sums of
/// dO∘O, and dW = (dO·Vᵀ − D)/z: dV = (W/z)ᵀ·dO, dQ = φ′(Q)∘dW·φ(K), dK = φ′(K)∘dWᵀ·φ(Q), with φ′(x) = 1 above zero and eˣ below.
/// Katharopoulos et al. 2020, section 3.3.1, with the derivative of the division.
/// </summary>
/// <remarks>
/// o is an input, as in <see cref="SoftmaxBackward"/>: it gives D in valueDim operations a row. z is none: φ(q)·Σφ(k) is as little, the forward
/// pass does not write it, and so what <see cref="LinearEluAttention"/> gives is enough.
/// </remarks>
public sealed record LinearEluBackward : LinearBackward
{
    /// <inheritdoc/>
    public override string Name => "linear-elu-backward";

    /// <inheritdoc/>
    public override string Formula => "dV = (W/z)ᵀ·dO, dQ = φ′(Q)∘dW·φ(K), dK = φ′(K)∘dWᵀ·φ(Q); W = φ(Q)φ(K)ᵀ, z = rowsum(W), dW = (dO·Vᵀ − rowsum(dO∘O))/z";

    /// <inheritdoc/>
    public override LinearEluAttention Forward => Abstractions.Operations.LinearElu;

    /// <inheritdoc/>
    public override bool TakesOutput => true;
}

/// <summary>
/// The backward pass of <see cref="RetentionAttention"/>, which is linear in each of q, k and v and needs nothing of the forward pass. With the
/// factors Γ = scale·γᵉ⁻ʲ⁻¹ of a query that sees e keys and key j: dV = (QKᵀ∘Γ)ᵀ·dO, dQ = (dO·Vᵀ∘Γ)·K, dK = (dO·Vᵀ∘Γ)ᵀ·Q.
/// Sun et al. 2023, equation 5.
/// </summary>
public sealed record RetentionBackward : LinearBackward
{
    /// <summary>Defines it by the decay of the first head, see <see cref="RetentionAttention"/>.</summary>
    /// <param name="firstExponent">γ of kv head 0 is 1 − 2^−firstExponent; 5 in the paper.</param>
    /// <exception cref="ArgumentOutOfRangeException">Below 1: the state would decay to zero at once.</exception>
    public RetentionBackward(int firstExponent = RetentionAttention.UsualExponent) => Forward = new(firstExponent);

    /// <summary>The forward pass, with its decay.</summary>
    public override RetentionAttention Forward { get; }

    /// <inheritdoc/>
    public override string Name =>
        Forward.FirstExponent == RetentionAttention.UsualExponent ? "retention-backward" : $"retention-backward{Forward.FirstExponent}";

    /// <inheritdoc/>
    public override string Formula =>
        $"dV = (QKᵀ∘Γ)ᵀ·dO, dQ = (dO·Vᵀ∘Γ)·K, dK = (dO·Vᵀ∘Γ)ᵀ·Q; Γ = scale·γᵉ⁻ʲ⁻¹ for e visible keys, γ = 1 − 2^(−{Forward.FirstExponent}−h) for kv head h";

    /// <inheritdoc/>
    public override bool TakesOutput => false;
}
