using System.Runtime.InteropServices;
using Kernels.Abstractions;
using Kernels.Gpu.Ilgpu;
using Kernels.Gpu.Masks;
using Kernels.Reference;
using Kernels.Tests.Cuda.Ptx;

namespace Kernels.Tests.Gpu;

/// <summary>
/// Launches PTX of ILGPU in the interpreter, with the grids and the tiles of a device that has what every CUDA device has.
/// </summary>
/// <param name="problem">What to compute.</param>
/// <param name="textOf">The PTX of a kernel.</param>
internal sealed class IlgpuRun(AttentionProblem problem, Func<string, string> textOf)
{
    private static readonly IlgpuDevice device = new("any", DeviceWish.Cuda, DeviceKind.Gpu, false, 1024, 48 << 10, 1L << 30);

    private readonly GlobalMemory memory = new();
    private readonly int heads = problem.Batch * problem.Heads;

    /// <summary>The output of one of the two programs.</summary>
    public float[] Run(IlgpuProgram program, Inputs inputs)
    {
        Allocation output = memory.Output(problem.QueryLength * sizeof(float));
        View q = Input<float>(inputs["q"]), k = Input<float>(inputs["k"]), v = Input<float>(inputs["v"]), result = ViewOf(output, problem.QueryLength);
        IlgpuTile tile = IlgpuTile.For(program, problem.HeadDim, device)!.Value;
        int tiles = MaskRanges.Tiles(problem, tile.TileRows);
        if (program == IlgpuProgram.Flash)
        {
            Launch(
                "Forward", program, tile, (tiles, heads, 1),
                new Arguments().Add(q).Add(k).Add(v).Add(result).Add(VisibleKeys()).Add(TilesOfKeys(tile.TileRows)));
            return output.Floats.ToArray();
        }
        int scoreLength = heads * problem.Queries * problem.Keys;
        View scores = ViewOf(memory.Output(scoreLength * sizeof(float)), scoreLength);
        Launch("Scores", program, tile, (Tiles(problem.Keys), tiles, heads), new Arguments().Add(q).Add(k).Add(scores));
        Launch("Softmax", program, tile, (MaskRanges.Tiles(problem, tile.GroupsOfRows), heads, 1), new Arguments().Add(scores).Add(VisibleKeys()));
        Launch("Product", program, tile, (Tiles(problem.HeadDim), tiles, heads), new Arguments().Add(scores).Add(v).Add(result));
        return output.Floats.ToArray();
    }

    private void Launch(string kernel, IlgpuProgram program, IlgpuTile tile, (int X, int Y, int Z) grid, Arguments arguments)
    {
        PtxEntry entry = PtxModule.Parse(textOf(kernel)).Entries.Values.Single();
        int sharedBytes = tile.SharedFloats(program, problem.HeadDim) * sizeof(float);
        new Grid(grid.X, grid.Y, grid.Z, tile.Threads, sharedBytes) { ThreadsX = IlgpuTile.Lanes }
            .Run(entry, memory, arguments.Add(new TensorShape(problem)));
    }

    private View VisibleKeys()
    {
        KeyRange[] ranges = new KeyRange[problem.Queries];
        MaskRanges.OfQueries(problem, ranges);
        return Input<KeyRange>(ranges);
    }

    private View TilesOfKeys(int rows)
    {
        TileRange[] ranges = new TileRange[MaskRanges.Tiles(problem, rows)];
        MaskRanges.OfTiles(problem, rows, ranges);
        return Input<TileRange>(ranges);
    }

    private View Input<T>(ReadOnlySpan<T> values) where T : unmanaged => ViewOf(memory.Input(MemoryMarshal.AsBytes(values)), values.Length);

    private static View ViewOf(Allocation allocation, int length) => new(allocation.Address, length);

    private static int Tiles(int length) => (length + IlgpuTile.Lanes - 1) / IlgpuTile.Lanes;

    /// <summary>An ArrayView as entries take it: the pointer, and the number of elements.</summary>
    private readonly record struct View(ulong Address, long Length);
}
