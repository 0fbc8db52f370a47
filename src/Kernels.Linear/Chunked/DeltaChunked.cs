using Kernels.Abstractions;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Linear;

/// <summary>The delta rule in chunks of 48 tokens. All query heads of a kv head share its state.</summary>
/// <typeparam name="TSet">The instruction set.</typeparam>
public sealed class DeltaChunked<TSet>() : ChunkedKernel<TSet>(new DeltaRule<TSet>())
    where TSet : struct, IInstructionSet
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        "linear-delta-chunked", "what each key of a chunk stores comes from one triangular system (WY form), the rest is matrix products",
        Operations.Delta)
    {
        BuildsOn = "linear-delta-recurrent",
        Source = "Yang et al. 2024, Parallelizing Linear Transformers with the Delta Rule over Sequence Length, section 3.2",
    };
}
