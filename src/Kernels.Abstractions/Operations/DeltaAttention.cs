namespace Kernels.Abstractions;

/// <summary>
/// The delta rule (Schlag et al. 2021, equation 24; DeltaNet, Yang et al. 2024, equation 4): the state is a memory, and each key replaces
/// what was stored under it, S ← S + β·k̂(v − k̂ᵀS)ᵀ. A query reads q̂ᵀS after the last key that it sees. Keys and queries have unit
/// length, k̂ = k/|k| and q̂ = q/|q| (a zero vector stays zero), as Yang et al. normalise them. Their β is the output of a layer; here β =
/// 1. There is no activation before the normalisation, and the scale of a problem is not used.
/// </summary>
public sealed record DeltaAttention : AttentionOperation
{
    /// <inheritdoc/>
    public override string Name => "delta";

    /// <inheritdoc/>
    public override string Formula => "q̂ᵀS after the visible keys, S ← S + β·k̂(v − k̂ᵀS)ᵀ for each, k̂ = k/|k|, q̂ = q/|q|, β = 1";

    /// <inheritdoc/>
    /// <remarks>k̂ᵀS costs as much again as the update of the state.</remarks>
    protected override double Flops(AttentionProblem problem) =>
        StateFlops(problem, problem.HeadDim) + PerKvHead(problem, problem.Keys, 2.0 * problem.HeadDim * problem.ValueDim);

    /// <inheritdoc/>
    public override double StateLength(AttentionProblem problem) => PerKvHead(problem, problem.HeadDim, problem.ValueDim);
}
