using Kernels.Abstractions;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Linear;

/// <summary>
/// Linear attention with φ(x) = elu(x) + 1 in chunks of 48 tokens. All query heads of a kv head share its state. Weighted values are divided by the
/// sum of the weights at the end, as in the recurrence of the paper, so float32 must hold |v| · Σ weights: the weights of n keys of d channels add
/// up to about 2·n·d, and values up to 10³⁰ are within range up to n·d = 10⁸. <see cref="EluRecurrent"/> keeps its sums in float64.
/// </summary>
/// <typeparam name="TSet">The instruction set.</typeparam>
public sealed class EluChunked<TSet>() : ChunkedKernel<TSet>(new EluRule<TSet>())
    where TSet : struct, IInstructionSet
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        "linear-elu-chunked", "chunks of 48 tokens: matrix products instead of a state update for each key", Operations.LinearElu)
    {
        BuildsOn = "linear-elu-recurrent",
        Source = "Katharopoulos et al. 2020, Transformers are RNNs; chunks as in Hua et al. 2022, FLASH, section 3.2",
    };

    /// <inheritdoc/>
    private protected override double? ExecutedFlops(AttentionProblem problem) => ChunkFlops.Of(problem);
}
