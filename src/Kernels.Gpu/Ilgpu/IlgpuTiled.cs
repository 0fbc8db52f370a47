using Kernels.Abstractions;
using Kernels.Gpu.Masks;

namespace Kernels.Gpu.Ilgpu;

/// <summary>
/// Three kernels in C#, one for the scores, one for the softmax and one for the product with v; the matrix products are tiled in shared
/// memory. The whole score matrix of all heads lies in device memory.
/// </summary>
public sealed class IlgpuTiled : IlgpuKernel
{
    internal IlgpuTiled(IlgpuRuntime runtime)
        : base(runtime)
    {
    }

    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        "gpu-ilgpu-tiled", "scores, softmax and product as three kernels in C#, compiled for the GPU by ILGPU", Operations.Softmax)
    {
        BuildsOn = "naive-three-pass",
    };

    internal override IlgpuProgram Program => IlgpuProgram.Tiled;

    internal override Int128 WorkspaceBytes(AttentionProblem problem) =>
        sizeof(float) * (Int128)problem.Batch * problem.Heads * problem.Queries * problem.Keys;

    internal override Int128 Barriers(AttentionProblem problem, IlgpuTile tile)
    {
        Int128 tiles = (Int128)problem.Batch * problem.Heads * MaskRanges.Tiles(problem, tile.TileRows);
        long keyTiles = Tiles(problem.Keys), channelTiles = Tiles(problem.HeadDim);
        // Two barriers for each slice of either product, three in a tile of the softmax, which has one query for each row of threads.
        return tiles * (4 * keyTiles * channelTiles + 3 * IlgpuTile.Rows);
    }

    private static long Tiles(int length) => ((long)length + IlgpuTile.Lanes - 1) / IlgpuTile.Lanes;
}
