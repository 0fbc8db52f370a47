using Kernels.Abstractions;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Simd;

/// <summary>The kernels of this project, in the order of the report.</summary>
public static class SimdKernels
{
    /// <summary>All of them; a new kernel is one file and one line here.</summary>
    public static IReadOnlyList<Kernel> All { get; } = InstructionSet.Widest<List, IReadOnlyList<Kernel>>();

    private readonly struct List : IForInstructionSet<IReadOnlyList<Kernel>>
    {
        public static IReadOnlyList<Kernel> For<TWidest>()
            where TWidest : struct, IInstructionSet =>
        [
            new TensorPrimitivesRow(),
            new TiledThreePass<Portable>(
                "simd-portable", "queries across the lanes of 128-bit vectors, blocks of results in registers, one shared 2ˣ",
                "simd-tensor-primitives"),
            new TiledThreePass<Avx2>("simd-avx2", "the same loops with 256-bit vectors and fused multiply-add", "simd-portable"),
            new TiledThreePass<Avx512>("simd-avx512", "the same loops with 512-bit vectors", "simd-avx2"),
            new OpenBlasThreePass<TWidest>(),
            new TopScores<TWidest>(Operations.TopK),
            new BackwardThreePass<Portable>(
                "simd-backward-portable", "five matrix products for a tile of queries and all its keys, 128-bit vectors", "naive-backward"),
            new BackwardThreePass<Avx2>("simd-backward-avx2", "vectors of 8 floats and fused multiply-add", "simd-backward-portable"),
            new BackwardThreePass<Avx512>("simd-backward-avx512", "vectors of 16 floats", "simd-backward-avx2"),
        ];
    }
}
