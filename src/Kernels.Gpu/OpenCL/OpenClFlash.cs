using System.Collections.Concurrent;
using Kernels.Abstractions;

namespace Kernels.Gpu.OpenCL;

/// <summary>
/// One fused kernel: a work-group visits the keys that its queries see, in tiles in local memory, with a running maximum and sum.
/// Tiles that the mask hides are skipped, and no score reaches device memory.
/// </summary>
public sealed class OpenClFlash : OpenClKernel
{
    private const int MostHeadDim = 256;

    private readonly Func<int, OpenClDevice, FlashTile?> chooseTile;
    private readonly ConcurrentDictionary<int, FlashTile?> tiles = [];
    private readonly Dictionary<FlashTile, DeviceFunction> functions = [];
    private TileRanges? tileRanges;

    internal OpenClFlash(OpenClRuntime runtime, Func<int, OpenClDevice, FlashTile?>? chooseTile = null)
        : base(runtime) => this.chooseTile = chooseTile ?? FlashTile.For;

    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        "gpu-opencl-flash", "one fused OpenCL kernel with an online softmax: no score matrix, hidden tiles skipped", Operations.Softmax)
    {
        BuildsOn = "gpu-opencl-tiled",
        Source = "Dao et al. 2022, FlashAttention, algorithm 1; Dao 2023, FlashAttention-2, section 3.1",
    };

    internal override Int128 WorkspaceBytes(AttentionProblem problem) => 0;

    internal override string? RefusesHeadDim(OpenClDevice device, int headDim) =>
        headDim > MostHeadDim ? $"head dimension {headDim} is above {MostHeadDim}"
        : Tile(headDim, device) is null
            ? $"no tile for head dimension {headDim} fits {device.LocalMemoryBytes:N0} bytes of local memory "
                + $"and {device.MaxWorkGroupSize} work-items"
        : null;

    internal override void Launch(OpenClSession session, AttentionProblem problem)
    {
        FlashTile tile = Tile(problem.HeadDim, session.Device)!.Value;
        if (!functions.TryGetValue(tile, out DeviceFunction? flash))
            functions.Add(tile, flash = new DeviceProgram(session, "flash.cl", tile.Definitions).Function("flash"));
        tileRanges ??= new TileRanges(session);
        tileRanges.Upload(problem, tile.TileRows);
        DeviceTensors tensors = session.Tensors;
        flash.With(tensors.Q).With(tensors.K).With(tensors.V).With(tensors.Output).With(tensors.VisibleKeys).With(tileRanges.Buffer)
            .With(tileRanges.Count).With(problem.Heads / problem.KvHeads)
            .With(problem.Queries).With(problem.Keys).With(problem.HeadDim).With(problem.Scale)
            .Launch(((long)tileRanges.Count * problem.Batch * problem.Heads, 1, 1), (tile.ItemsX, tile.ItemsY));
    }

    private FlashTile? Tile(int headDim, OpenClDevice device) => tiles.GetOrAdd(headDim, chooseTile, device);
}
