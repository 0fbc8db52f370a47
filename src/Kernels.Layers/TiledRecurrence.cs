using System.Runtime.CompilerServices;
using Kernels.Abstractions;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers;

/// <summary>
/// Recurrent layers, sequence to sequence and additive attention from register tiles. What does not depend on a state is a product of all rows at once
/// (Appleyard et al. 2016, section 3.2); the matrices of the states are copied into panels once a call; a step multiplies the states of all sequences with
/// them and ends with vector tanh and sigmoid while the sums are in cache.
/// </summary>
/// <param name="name">Name of the kernel.</param>
/// <param name="idea">What it does that the one it builds on does not.</param>
/// <param name="buildsOn">Name of that kernel.</param>
/// <param name="operation">What is computed.</param>
public sealed class TiledRecurrence<TSet>(string name, string idea, string buildsOn, LayerOperation operation) : Kernel
    where TSet : struct, IInstructionSet
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(name, idea, operation) { BuildsOn = buildsOn };

    /// <inheritdoc/>
    public override string? Unavailable => InstructionSet.WhyNot<TSet>();

    /// <inheritdoc/>
    protected override Plan PlanFor(Problem problem) => new RecurrentPlanner<TSet>(operation, (LayerProblem)problem).Create();

    /// <inheritdoc/>
    protected override void Compute(in Call call, int stage, int item) => Unsafe.As<LayerPlan>(call.Plan).Steps[stage].Compute(call, item);
}
