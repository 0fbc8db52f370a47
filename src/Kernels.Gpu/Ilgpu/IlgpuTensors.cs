using ILGPU.Runtime;
using Kernels.Abstractions;
using Kernels.Gpu.Masks;

namespace Kernels.Gpu.Ilgpu;

/// <summary>The tensors of one call on the device, with the mask as ranges of keys. Shared by all kernels of an accelerator.</summary>
internal sealed unsafe class IlgpuTensors(Accelerator accelerator) : IDisposable
{
    private (AttentionProblem Problem, int TileRows)? uploadedMask;
    private KeyRange[] ranges = [];
    private TileRange[] tileRanges = [];

    public IlgpuBuffer<float> Q { get; } = new(accelerator);

    public IlgpuBuffer<float> K { get; } = new(accelerator);

    public IlgpuBuffer<float> V { get; } = new(accelerator);

    public IlgpuBuffer<float> Output { get; } = new(accelerator);

    /// <summary>[heads][queries][keys]; empty unless reserved.</summary>
    public IlgpuBuffer<float> Scores { get; } = new(accelerator);

    /// <summary>[queries] the keys that a query sees.</summary>
    public IlgpuBuffer<KeyRange> VisibleKeys { get; } = new(accelerator);

    /// <summary>[tiles of queries] the keys that a tile sees.</summary>
    public IlgpuBuffer<TileRange> Tiles { get; } = new(accelerator);

    public void Upload(in AttentionCall call, int tileRows)
    {
        AttentionProblem problem = call.Problem;
        Write(Q, call.Q);
        Write(K, call.K);
        Write(V, call.V);
        Output.Reserve(problem.OutputLength);
        if (uploadedMask != (problem, tileRows))
            UploadMask(problem, tileRows);
    }

    /// <summary>Waits for the kernels and copies the output.</summary>
    public void Download(in AttentionCall call) => Output.Read((float*)call.O.Start, call.Problem.OutputLength);

    public void Dispose()
    {
        foreach (IDisposable buffer in new IDisposable[] { Q, K, V, Output, Scores, VisibleKeys, Tiles })
            buffer.Dispose();
    }

    private static void Write(IlgpuBuffer<float> target, in Tensor tensor) => target.Write((float*)tensor.Start, tensor.Layout.Count);

    private void UploadMask(AttentionProblem problem, int tileRows)
    {
        uploadedMask = null;
        int tiles = MaskRanges.Tiles(problem, tileRows);
        if (ranges.Length < problem.Queries)
            ranges = new KeyRange[problem.Queries];
        if (tileRanges.Length < tiles)
            tileRanges = new TileRange[tiles];
        MaskRanges.OfQueries(problem, ranges);
        MaskRanges.OfTiles(problem, tileRows, tileRanges);
        fixed (KeyRange* data = ranges)
            VisibleKeys.Write(data, problem.Queries);
        fixed (TileRange* data = tileRanges)
            Tiles.Write(data, tiles);
        uploadedMask = (problem, tileRows);
    }
}
