namespace Kernels.Abstractions;

/// <summary>
/// Linear attention with φ(x) = elu(x) + 1, Katharopoulos et al. 2020, equations 4 and 7. The scale of a problem is not used.
/// </summary>
/// <remarks>
/// float32 holds φ(q)·φ(k) as a normal number while some channel of q + k is above −87; where no channel is, a kernel may lose the weight.
/// </remarks>
public sealed record LinearEluAttention : AttentionOperation
{
    /// <inheritdoc/>
    public override string Name => "linear-elu";

    /// <inheritdoc/>
    public override string Formula => "φ(Q)(φ(K)ᵀV) / φ(Q)(φ(K)ᵀ1), φ(x) = elu(x) + 1, over the visible keys";

    /// <inheritdoc/>
    /// <remarks>φ(K)ᵀV and φ(K)ᵀ1.</remarks>
    public override double StateLength(AttentionProblem problem) => PerKvHead(problem, problem.HeadDim, problem.ValueDim + 1);

    /// <inheritdoc/>
    /// <remarks>The state φ(K)ᵀV costs 2·d² a key and kv head, the product φ(Q)·state 2·d² a query and head.</remarks>
    protected override double Flops(AttentionProblem problem) => StateFlops(problem, problem.HeadDim);
}
