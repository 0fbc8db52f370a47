namespace Kernels.Gpu.Cuda;

/// <summary>One entry of attention.cu and its launch configuration, which must agree with the constants of the .cu files.</summary>
/// <param name="Name">The name in the module.</param>
/// <param name="Threads">Threads of a block, in x.</param>
/// <param name="TileRows">Query rows, or numbers, that one block computes.</param>
/// <param name="SharedBytes">
/// Dynamic shared memory of a block. More than 48 KiB must be enabled by the attribute
/// CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES; a device that offers less cannot run the entry.
/// </param>
internal sealed record CudaEntry(string Name, int Threads, int TileRows, int SharedBytes)
{
    /// <summary>Blocks that compute this many rows, or numbers.</summary>
    public int Tiles(int rows) => (int)(((long)rows + TileRows - 1) / TileRows);
}
