using Kernels.Abstractions;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Linear;

/// <summary>
/// The gradients of linear attention with φ(x) = elu(x) + 1 in chunks of 48 tokens. The first pass leaves 1/z and D of each query to the second.
/// </summary>
/// <typeparam name="TSet">The instruction set.</typeparam>
public sealed class EluBackwardChunked<TSet>() : ChunkedBackward<TSet>(new EluGradientRule<TSet>())
    where TSet : struct, IInstructionSet
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        "linear-elu-backward-chunked", "dQ from the forward state, dK and dV from a state of queries that runs backwards, in chunks of 48 tokens",
        Operations.LinearEluBackward)
    {
        BuildsOn = "naive-linear-elu-backward",
        Source = "Katharopoulos et al. 2020, Transformers are RNNs, section 3.3.1; chunks as in Hua et al. 2022, FLASH, section 3.2",
    };
}
