using ILGPU.Runtime;
using Kernels.Abstractions;

namespace Kernels.Gpu.Ilgpu.Accelerated;

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

    /// <summary>[heads][queries][keys]; only where it was reserved.</summary>
    public IlgpuBuffer<float> Scores { get; } = new(accelerator);

    /// <summary>[queries] the keys that a query sees.</summary>
    public IlgpuBuffer<KeyRange> VisibleKeys { get; } = new(accelerator);

    /// <summary>[tiles of queries] what a tile sees.</summary>
    public IlgpuBuffer<TileRange> Tiles { get; } = new(accelerator);

    public void Upload(AttentionProblem problem, int tileRows, float* q, float* k, float* v)
    {
        Q.Write(q, problem.QueryLength);
        K.Write(k, problem.KeyLength);
        V.Write(v, problem.KeyLength);
        Output.Reserve(problem.QueryLength);
        if (uploadedMask != (problem, tileRows))
            UploadMask(problem, tileRows);
    }

    /// <summary>Waits for the kernels and copies the output.</summary>
    public void Download(AttentionProblem problem, float* output) => Output.Read(output, problem.QueryLength);

    public void Dispose()
    {
        foreach (IDisposable buffer in new IDisposable[] { Q, K, V, Output, Scores, VisibleKeys, Tiles })
            buffer.Dispose();
    }

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
