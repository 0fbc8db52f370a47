namespace Kernels.Abstractions;

/// <summary>
/// Retention, the core of RetNet (Sun et al. 2023, equations 5 and 7), without its rotation and group normalisation: each key adds k·vᵀ to a
/// state that shrinks by γ with every key, S ← γ·S + k·vᵀ, and a query reads scale·q·S after the last key that it sees. Nothing is
/// normalised. Under the full mask every query reads the state after the last key. Heads that share keys and values share γ.
/// </summary>
public sealed record RetentionDefinition : Definition
{
    // γ of the first head is 1 − 2⁻⁵ (section 3.1, as in the code published with the paper).
    private const int FirstExponent = 5;

    internal RetentionDefinition()
    {
    }

    /// <inheritdoc/>
    public override string Name => "retention";

    /// <inheritdoc/>
    public override string Formula => "scale·Σ γᵉ⁻ʲ⁻¹(q·kⱼ)vⱼ over the e visible keys, γ = 1 − 2^(−5−h) for kv head h";

    /// <summary>γ of a kv head, 1 − 2^(−5−head): the part of the state that one more key leaves.</summary>
    public double Decay(int kvHead) => 1 - Math.ScaleB(1, -FirstExponent - kvHead);

    /// <inheritdoc/>
    public override double ExactFlops(AttentionProblem problem) => StateFlops(problem, problem.HeadDim);

    /// <inheritdoc/>
    public override double StateLength(AttentionProblem problem) => PerKvHead(problem, problem.HeadDim, problem.HeadDim);
}
