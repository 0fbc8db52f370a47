using Kernels.Abstractions;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Linear;

/// <summary>The gradients of retention in chunks of 48 tokens.</summary>
/// <typeparam name="TSet">The instruction set.</typeparam>
/// <param name="operation">The operation, with its decay.</param>
public sealed class RetentionBackwardChunked<TSet>(RetentionBackward operation) : ChunkedBackward<TSet>(new RetentionGradientRule<TSet>(operation))
    where TSet : struct, IInstructionSet
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        $"linear-{operation.Name}-chunked", "the same with states that decay, the state of keys forwards and that of queries backwards", operation)
    {
        BuildsOn = "linear-elu-backward-chunked",
        Source = "Sun et al. 2023, Retentive Network, equation 7, differentiated",
    };
}
