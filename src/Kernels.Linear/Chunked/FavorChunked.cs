using Kernels.Abstractions;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Linear;

/// <summary>FAVOR+ in chunks of 48 tokens. All query heads of a kv head share its state.</summary>
/// <typeparam name="TSet">The instruction set.</typeparam>
/// <param name="operation">The operation.</param>
public sealed class FavorChunked<TSet>(FavorAttention operation) : ChunkedKernel<TSet>(new FavorRule<TSet>(operation))
    where TSet : struct, IInstructionSet
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        $"linear-{operation.Name}-chunked",
        $"{operation.Features} random features estimate the softmax; each has a running maximum against overflow and underflow",
        operation)
    {
        BuildsOn = "linear-elu-chunked",
        Source = "Choromanski et al. 2021, Rethinking Attention with Performers, section 2",
    };
}
