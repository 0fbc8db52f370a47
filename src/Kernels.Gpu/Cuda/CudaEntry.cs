namespace Kernels.Gpu.Cuda;

/// <summary>One entry of attention.cu and how it must be launched; the constants of the .cu files are the other half.</summary>
/// <param name="Name">The name in the module.</param>
/// <param name="Threads">Threads of a block, in x.</param>
/// <param name="TileRows">Query rows, or numbers, that one block computes.</param>
/// <param name="SharedBytes">
/// Dynamic shared memory of a block. More than 48 KiB has to be allowed first, by the attribute
/// CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES; a device that offers less cannot run the entry.
/// </param>
internal sealed record CudaEntry(string Name, int Threads, int TileRows, int SharedBytes)
{
    /// <summary>Blocks that compute this many rows, or numbers.</summary>
    public int Tiles(int rows) => (int)(((long)rows + TileRows - 1) / TileRows);
}
