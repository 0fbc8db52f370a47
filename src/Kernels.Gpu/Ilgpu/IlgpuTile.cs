namespace Kernels.Gpu.Ilgpu;

/// <summary>
/// Tile sizes of the kernels: a group has <see cref="Lanes"/> threads in x, on keys or channels, and <see cref="GroupsOfRows"/> in y, with
/// <see cref="Rows"/> queries each.
/// </summary>
/// <param name="GroupsOfRows">Threads of a group in y.</param>
internal readonly record struct IlgpuTile(int GroupsOfRows)
{
    /// <summary>Threads in x, and keys or channels of a tile: the width of NVIDIA's warps, so that their accesses coalesce.</summary>
    public const int Lanes = 32;

    /// <summary>Queries of a thread, which share each key read from shared memory.</summary>
    public const int Rows = 4;

    // 256 threads keep a multiprocessor busy with few registers a thread; more need more shared memory. Not tuned on hardware.
    private static readonly int[] sizes = [8, 4, 2, 1];

    /// <summary>Threads of a group.</summary>
    public int Threads => Lanes * GroupsOfRows;

    /// <summary>Queries of a group.</summary>
    public int TileRows => Rows * GroupsOfRows;

    /// <summary>Floats from one key of a tile to the next: odd, so that the keys of a warp start in different banks.</summary>
    public static int KeyStride(int headDim) => headDim | 1;

    /// <summary>Floats of shared memory of a group, as the kernels of the program divide it.</summary>
    public int SharedFloats(IlgpuProgram program, int headDim) => program switch
    {
        // Queries and sums; keys, then values; scores and weights.
        IlgpuProgram.Flash => 2 * TileRows * headDim + Lanes * KeyStride(headDim) + 2 * TileRows * Lanes,
        // A slice of both operands.
        _ => TileRows * Lanes + Lanes * KeyStride(Lanes),
    };

    /// <summary>The largest tile that fits the device; null when none does.</summary>
    public static IlgpuTile? For(IlgpuProgram program, int headDim, IlgpuDevice device)
    {
        foreach (int size in sizes)
        {
            var tile = new IlgpuTile(size);
            if (tile.Threads <= device.MaxGroupThreads && sizeof(float) * tile.SharedFloats(program, headDim) <= device.SharedBytes)
                return tile;
        }
        return null;
    }
}
