using Kernels.Abstractions;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Sparse;

/// <summary>The kernels of this project, in the order of the report.</summary>
public static class SparseKernels
{
    /// <summary>All of them; a new kernel is one file and one line here.</summary>
    public static IReadOnlyList<Kernel> All { get; } = InstructionSet.Widest<List, IReadOnlyList<Kernel>>();

    private readonly struct List : IForInstructionSet<IReadOnlyList<Kernel>>
    {
        public static IReadOnlyList<Kernel> For<TWidest>()
            where TWidest : struct, IInstructionSet =>
        [
            new SparseTiles<Portable>(
                "sparse-tiles-portable", "tiles of rows that see the same keys visit those alone, short runs gathered into whole blocks",
                "flash-portable-6x8"),
            new SparseTiles<Avx2>("sparse-tiles-avx2", "vectors of 8 floats", "sparse-tiles-portable"),
            new SparseTiles<Avx512Interleaved>(
                "sparse-tiles-avx512", "vectors of 16 floats, exponentials among the multiply-adds", "sparse-tiles-avx2"),
            new SimulatedSparse<TWidest>(),
        ];
    }
}
