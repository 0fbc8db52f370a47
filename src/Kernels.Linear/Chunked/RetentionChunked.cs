using Kernels.Abstractions;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Linear;

/// <summary>Retention in chunks of 48 tokens. All query heads of a kv head share its state.</summary>
/// <typeparam name="TSet">The instruction set.</typeparam>
/// <param name="operation">The operation.</param>
public sealed class RetentionChunked<TSet>(RetentionAttention operation) : ChunkedKernel<TSet>(new RetentionRule<TSet>(operation))
    where TSet : struct, IInstructionSet
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        $"linear-{operation.Name}-chunked",
        "chunks of 48 tokens: powers of the decay as a mask within a chunk, one decay of the state for each chunk", operation)
    {
        BuildsOn = "linear-retention-recurrent",
        Source = "Sun et al. 2023, Retentive Network, equation 7",
    };

    /// <inheritdoc/>
    private protected override double? ExecutedFlops(AttentionProblem problem) => ChunkFlops.Of(problem);
}
