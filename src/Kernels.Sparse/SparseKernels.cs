using Kernels.Abstractions;

namespace Kernels.Sparse;

/// <summary>The kernels of this project, in the order of the report.</summary>
public static class SparseKernels
{
    /// <summary>All of them; a new kernel is one file and one line here.</summary>
    public static IReadOnlyList<AttentionKernel> All { get; } =
    [
        new SparsePortable(),
        new SparseAvx2(),
        new SparseAvx512(),
        new SimulatedSparse(),
    ];
}
