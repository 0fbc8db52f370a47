using Kernels.Abstractions;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Linear;

/// <summary>The kernels of this project, in the order of the report.</summary>
public static class LinearKernels
{
    /// <summary>All of them; a new kernel is one file and one line here.</summary>
    public static IReadOnlyList<Kernel> All { get; } = InstructionSet.Widest<List, IReadOnlyList<Kernel>>();

    private readonly struct List : IForInstructionSet<IReadOnlyList<Kernel>>
    {
        public static IReadOnlyList<Kernel> For<TWidest>()
            where TWidest : struct, IInstructionSet =>
        [
            new EluRecurrent(),
            new EluChunked<TWidest>(),
            new EluBackwardChunked<TWidest>(),
            new RetentionRecurrent(Operations.Retention),
            new RetentionChunked<TWidest>(Operations.Retention),
            new RetentionBackwardChunked<TWidest>(Operations.RetentionBackward),
            new DeltaRecurrent(),
            new DeltaChunked<TWidest>(),
            new FavorChunked<TWidest>(Operations.Favor),
            new LowRank<TWidest>(Operations.Linformer),
        ];
    }
}
