using Kernels.Abstractions;

namespace Kernels.Simd;

/// <summary>The kernels of this project, in the order of the report.</summary>
public static class SimdKernels
{
    /// <summary>All of them; a new kernel is one file and one line here.</summary>
    public static IReadOnlyList<AttentionKernel> All { get; } =
    [
        new TensorPrimitivesRow(),
        new PortableTile(),
        new Avx2Tile(),
        new Avx512Tile(),
        new OpenBlasThreePass(),
        new TopScores(),
    ];
}
