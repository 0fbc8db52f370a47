using Kernels.Abstractions;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers.Backward;

/// <summary>The kernels of backward passes of pieces of layers, in the order of the report.</summary>
public static class BackwardKernels
{
    private static readonly FeedForwardBackward[] networks =
        [Operations.FeedForwardBackward, Operations.ReluFeedForwardBackward, Operations.SwiGluFeedForwardBackward];

    private static readonly NormBackward[] norms = [Operations.NormBackward, Operations.RmsNormBackward];

    /// <summary>All of them; a new kernel is one file and one line here.</summary>
    public static IReadOnlyList<Kernel> All { get; } =
    [
        new NaiveProjectionBackward(),
        .. norms.Select(norm => new NaiveNormBackward(norm)),
        .. networks.Select(network => new NaiveFeedForwardBackward(network)),
        new NaiveRotaryBackward(Operations.RotaryBackward),
        .. InstructionSet.Widest<Tiled, IReadOnlyList<Kernel>>(),
    ];

    private readonly struct Tiled : IForInstructionSet<IReadOnlyList<Kernel>>
    {
        public static IReadOnlyList<Kernel> For<TSet>()
            where TSet : struct, IInstructionSet =>
            [
                new TiledBackward<TSet>(Operations.ProjectionBackward, "products in register tiles; panels of W are transposed as they are copied, x once"),
                .. norms.Select(norm => new TiledBackward<TSet>(norm, "rows in vectors, read once; sums of few rows each, added in their order")),
                .. networks.Select(network => new TiledBackward<TSet>(network, "products in register tiles; activation and derivative in one pass between them")),
                new TiledBackward<TSet>(Operations.RotaryBackward, "pairs in vectors; angles once for all heads and sequences"),
            ];
    }
}
