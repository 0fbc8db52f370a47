using Kernels.Abstractions;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers;

/// <summary>The kernels of what came before transformers: recurrent layers, additive attention and sequence to sequence.</summary>
public static class RecurrentKernels
{
    /// <summary>Naive kernels in the order of the report.</summary>
    public static IReadOnlyList<Kernel> Naive { get; } = [.. Operations.Layers.Where(Takes).Select(Textbook)];

    /// <summary>Fast ones for the widest vectors of this machine.</summary>
    public static IReadOnlyList<Kernel> Tiled { get; } =
        [.. Operations.Layers.Where(Takes).Select(operation => InstructionSet.Widest<Maker, Func<LayerOperation, Kernel>>()(operation))];

    /// <summary>Whether an operation is one of these.</summary>
    public static bool Takes(LayerOperation operation) => operation is RecurrentLayer or AdditiveAttention or SequenceToSequence;

    private static Kernel Textbook(LayerOperation operation) =>
        operation is AdditiveAttention ? new NaiveAdditive() : new NaiveRecurrence(operation);

    private readonly struct Maker : IForInstructionSet<Func<LayerOperation, Kernel>>
    {
        public static Func<LayerOperation, Kernel> For<TSet>()
            where TSet : struct, IInstructionSet =>
            operation => new TiledRecurrence<TSet>(
                operation,
                operation is AdditiveAttention
                    ? "tanh of a pair from a product of two exponentials, two channels a division; weighted sums in register tiles"
                    : "products of all rows first, then one product of all states a step, in register tiles from packed panels");
    }
}
