using Kernels.Abstractions;

namespace Kernels.Linear;

/// <summary>The kernels of this project, in the order of the report.</summary>
public static class LinearKernels
{
    /// <summary>All of them; a new kernel is one file and one line here.</summary>
    public static IReadOnlyList<AttentionKernel> All { get; } =
    [
        new EluRecurrent(),
        new EluChunked(),
        new RetentionRecurrent(),
        new RetentionChunked(),
        new DeltaRecurrent(),
        new DeltaChunked(),
        new FavorChunked(),
        new LowRank(),
    ];
}
