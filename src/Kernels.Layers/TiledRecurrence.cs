using Kernels.Abstractions;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers;

/// <summary>
/// Recurrent layers, sequence to sequence and additive attention from register tiles. What does not depend on a state is a product of all rows at once
/// (Appleyard et al. 2016, section 3.2); the matrices of the states are copied into panels once a call; a step multiplies the states of all sequences with
/// them and ends with vector tanh and sigmoid while the sums are in cache.
/// </summary>
/// <param name="operation">What is computed.</param>
/// <param name="idea">What it does that the naive kernel does not.</param>
public sealed class TiledRecurrence<TSet>(LayerOperation operation, string idea) : StepKernel<TSet>
    where TSet : struct, IInstructionSet
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new($"layers-tiled-{operation.Name}", idea, operation) { BuildsOn = $"layers-naive-{operation.Name}" };

    /// <inheritdoc/>
    protected override Plan PlanFor(Problem problem) => new RecurrentPlanner<TSet>(operation, (LayerProblem)problem).Create();
}
