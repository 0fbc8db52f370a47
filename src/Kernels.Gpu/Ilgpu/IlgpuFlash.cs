using Kernels.Abstractions;

namespace Kernels.Gpu.Ilgpu;

/// <summary>
/// One fused kernel in C#: a group of threads visits the keys that its queries see, in tiles in shared memory, with a running
/// maximum and sum. Tiles that the mask hides are skipped, and no score reaches device memory.
/// </summary>
public sealed class IlgpuFlash : IlgpuKernel
{
    internal IlgpuFlash(IlgpuRuntime runtime)
        : base(runtime)
    {
    }

    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        "gpu-ilgpu-flash", "one fused kernel in C# with an online softmax: no score matrix, hidden tiles skipped", Operations.Softmax)
    {
        BuildsOn = "gpu-ilgpu-tiled",
        Source = "Dao et al. 2022, FlashAttention, algorithm 1; Dao 2023, FlashAttention-2, section 3.1",
    };

    internal override IlgpuProgram Program => IlgpuProgram.Flash;

    internal override Int128 WorkspaceBytes(AttentionProblem problem) => 0;

    internal override Int128 Barriers(AttentionProblem problem, IlgpuTile tile)
    {
        const int BarriersOfKeyTile = 4;
        long keyTiles = 0;
        for (int first = 0; first < problem.Queries; first += tile.TileRows)
            keyTiles += (problem.KeysSeenByAny(first, Math.Min(first + tile.TileRows, problem.Queries)).Length + IlgpuTile.Lanes - 1) / IlgpuTile.Lanes;
        return (Int128)problem.Batch * problem.Heads * keyTiles * BarriersOfKeyTile;
    }
}
