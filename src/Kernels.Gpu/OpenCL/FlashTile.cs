using Kernels.Abstractions;

namespace Kernels.Gpu.OpenCL;

/// <summary>Tile sizes of flash.cl for a device and a head dimension; the names are those of its macros.</summary>
/// <param name="Lanes">Floats of a vector.</param>
/// <param name="ItemsX">Work-items in x, on the keys and channels of a row.</param>
/// <param name="ItemsY">Work-items in y.</param>
/// <param name="Blocks">Blocks of rows of a work-item, computed in turn.</param>
/// <param name="Rows">Queries of a block.</param>
/// <param name="KeyVectors">Vectors of keys of a work-item.</param>
/// <param name="Channels">Head dimension, rounded up to whole vectors of all items.</param>
internal readonly record struct FlashTile(int Lanes, int ItemsX, int ItemsY, int Blocks, int Rows, int KeyVectors, int Channels)
{
    // 6 × 4 accumulators and 4 vectors of keys fill the 32 registers of AVX-512, 6 × 2 the 16 of AVX2. On Zen 4 (1024 queries, headDim 64)
    // 6 × 4 and 4 × 4 were the fastest of 8 × 2, 12 × 2, 6 × 4 and 4 × 4.
    private const int RowsOfCpuItem = 6;

    /// <summary>Queries of a work-group.</summary>
    public int TileRows => ItemsY * Blocks * Rows;

    /// <summary>Keys of a tile of a work-group.</summary>
    public int TileKeys => ItemsX * KeyVectors * Lanes;

    /// <summary>Local memory as flash.cl declares it.</summary>
    public long LocalBytes => sizeof(float)
        * ((long)TileRows * (Channels + 1) + (long)(Channels + TileRows) * (TileKeys + Lanes) + TileRows * ItemsX);

    /// <summary>Macros for the compiler.</summary>
    public string Definitions =>
        $"-DLANES={Lanes} -DITEMS_X={ItemsX} -DITEMS_Y={ItemsY} "
        + $"-DBLOCKS={Blocks} -DROWS={Rows} -DKEY_VECTORS={KeyVectors} -DCHANNELS={Channels}";

    /// <summary>The first tile that fits the device; null when none does.</summary>
    public static FlashTile? For(int headDim, OpenClDevice device)
    {
        foreach (FlashTile tile in device.Kind == DeviceKind.Cpu ? CpuTiles(device.VectorWidth, headDim) : GpuTiles(headDim))
            if (tile.LocalBytes <= device.LocalMemoryBytes && tile.ItemsX * tile.ItemsY <= device.MaxWorkGroupSize)
                return tile;
        return null;
    }

    /// <summary>
    /// A CPU device runs the work-items of a group in turn and keeps their variables in memory across barriers. So a group is one
    /// work-item, with Rows × KeyVectors accumulators in vector registers, and several blocks of rows for each tile of keys.
    /// </summary>
    public static IEnumerable<FlashTile> CpuTiles(int vectorWidth, int headDim)
    {
        (int lanes, int keyVectors) = vectorWidth switch { >= 16 => (16, 4), >= 8 => (8, 2), _ => (4, 2) };
        int channels = RoundUp(headDim, lanes);
        return from blocks in new[] { 8, 4, 2, 1 }
               select new FlashTile(lanes, 1, 1, blocks, RowsOfCpuItem, keyVectors, channels);
    }

    /// <summary>
    /// A row of a GPU's tile is shared by 8 work-items with a vector of 4 each; 4 × 4 scores and 4 × headDim/8 sums in registers. Larger
    /// head dimensions get fewer rows, to fit into the 32 to 64 KiB of local memory that GPUs have. Not tuned on hardware.
    /// </summary>
    public static IEnumerable<FlashTile> GpuTiles(int headDim) =>
        from items in new[] { (X: 8, Y: 16), (X: 4, Y: 16), (X: 4, Y: 8) }
        from rows in new[] { 4, 2, 1 }
        select new FlashTile(4, items.X, items.Y, 1, rows, 1, RoundUp(headDim, 4 * items.X));

    private static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;
}
