using Kernels.Abstractions;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers.Backward;

/// <summary>
/// The backward pass of a piece of a layer from register tiles. A product with a transposed matrix transposes its panels as they are copied into cache; one
/// over all rows reads the transposed rows, and its items own blocks of the gradient of a matrix. So every sum has one order, and the results are the same
/// bits on any number of threads.
/// </summary>
/// <param name="operation">The piece.</param>
/// <param name="idea">What it does that the naive kernel does not.</param>
public sealed class TiledBackward<TSet>(LayerBackward operation, string idea) : StepKernel<TSet>
    where TSet : struct, IInstructionSet
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new($"layers-tiled-{operation.Name}", idea, operation) { BuildsOn = $"layers-naive-{operation.Name}" };

    /// <inheritdoc/>
    protected override Plan PlanFor(Problem problem) => new BackwardPlanner<TSet>(operation, (LayerProblem)problem).Create();
}
