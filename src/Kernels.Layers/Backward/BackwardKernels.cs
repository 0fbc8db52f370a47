using Kernels.Abstractions;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers.Backward;

/// <summary>The kernels of backward passes of pieces of layers, in the order of the report.</summary>
public static class BackwardKernels
{
    /// <summary>All of them; a new kernel is one file and one line here.</summary>
    public static IReadOnlyList<Kernel> All { get; } =
    [
        new NaiveProjectionBackward(),
        .. InstructionSet.Widest<Tiled, IReadOnlyList<Kernel>>(),
    ];

    private readonly struct Tiled : IForInstructionSet<IReadOnlyList<Kernel>>
    {
        public static IReadOnlyList<Kernel> For<TSet>()
            where TSet : struct, IInstructionSet =>
            [
                new TiledBackward<TSet>(Operations.ProjectionBackward, "products in register tiles; panels of W are transposed as they are copied, x once"),
            ];
    }
}
