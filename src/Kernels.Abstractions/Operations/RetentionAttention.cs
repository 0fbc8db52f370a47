namespace Kernels.Abstractions;

/// <summary>
/// Retention, the core of RetNet (Sun et al. 2023, equations 5 and 7), without its rotation and group normalisation: each key adds k·vᵀ to
/// a state that shrinks by γ with every key, S ← γ·S + k·vᵀ, and a query reads scale·q·S after the last key that it sees. Nothing is
/// normalised. Under the full mask every query reads the state after the last key. Heads that share keys and values share γ.
/// </summary>
public sealed record RetentionAttention : AttentionOperation
{
    /// <summary>The exponent of the paper, which <see cref="Name"/> omits.</summary>
    public const int UsualExponent = 5;

    /// <summary>Defines retention by the decay of its first head.</summary>
    /// <param name="firstExponent">γ of kv head 0 is 1 − 2^−firstExponent; 5 in the paper.</param>
    /// <exception cref="ArgumentOutOfRangeException">Below 1: the state would decay to zero at once.</exception>
    public RetentionAttention(int firstExponent = UsualExponent)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(firstExponent, 1);
        FirstExponent = firstExponent;
    }

    /// <summary>γ of kv head 0 is 1 − 2^−<see cref="FirstExponent"/>.</summary>
    public int FirstExponent { get; }

    /// <inheritdoc/>
    public override string Name => FirstExponent == UsualExponent ? "retention" : $"retention{FirstExponent}";

    /// <inheritdoc/>
    public override string Formula => $"scale·Σ γᵉ⁻ʲ⁻¹(q·kⱼ)vⱼ over the e visible keys, γ = 1 − 2^(−{FirstExponent}−h) for kv head h";

    /// <summary>γ of a kv head, 1 − 2^(−<see cref="FirstExponent"/> − head): the factor by which one more key shrinks the state.</summary>
    public double Decay(int kvHead) => 1 - Math.ScaleB(1, -FirstExponent - kvHead);

    /// <inheritdoc/>
    protected override double Flops(AttentionProblem problem) => StateFlops(problem, problem.HeadDim);

    /// <inheritdoc/>
    public override double StateLength(AttentionProblem problem) => PerKvHead(problem, problem.HeadDim, problem.ValueDim);
}
