using Kernels.Abstractions;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers;

/// <summary>
/// A layer from register tiles: projections and feed-forward network are products of panels that are copied into cache, with bias, activation and residual
/// added while a block is there; any attention kernel is spliced in between. Nothing is transposed: projections write [batch, token, head, channel], which
/// the core reads by strides.
/// </summary>
/// <param name="name">Name of the kernel.</param>
/// <param name="idea">What it does that the one it builds on does not.</param>
/// <param name="buildsOn">Name of that kernel.</param>
/// <param name="operation">The layer.</param>
/// <param name="format">Of the weights: <see cref="Format.Float32"/> or <see cref="Format.BFloat16"/>.</param>
/// <param name="cores">Kernels of <see cref="AttentionLayer.Attention"/> in float32; the first that takes the problem computes it.</param>
public sealed class TiledLayer<TSet>(string name, string idea, string buildsOn, AttentionLayer operation, Format format, params IReadOnlyList<Kernel> cores)
    : StepKernel<TSet>, IAroundCore
    where TSet : struct, IInstructionSet
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(name, idea, operation) { BuildsOn = buildsOn, Format = format };

    /// <inheritdoc/>
    public override string? Unavailable => base.Unavailable ?? cores[^1].Unavailable;

    /// <inheritdoc/>
    public Kernel Around(Kernel core) => new TiledLayer<TSet>(
        $"{name}+{core.Info.Name}", $"with {core.Info.Name} in it", name, operation with { Attention = (AttentionOperation)core.Info.Operation }, format, core);

    /// <summary>Of caches alone, which have room for tokens to come.</summary>
    public override bool TakesStrides(Operand operand) => operand.Role == Role.Accumulated;

    /// <inheritdoc/>
    protected override Plan PlanFor(Problem problem) => new LayerPlanner<TSet>(operation, (LayerProblem)problem, format, cores).Create();
}
