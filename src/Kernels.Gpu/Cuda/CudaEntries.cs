namespace Kernels.Gpu.Cuda;

/// <summary>
/// The entries of attention.cu. Tensors are dense [batch, head, token, channel], their pointers 16-byte aligned; T is float, or half for
/// the entries named f16; every output is float.
/// </summary>
internal static class CudaEntries
{
    /// <summary>The head dimensions with entries.</summary>
    public static IReadOnlyList<int> HeadDims { get; } = [64, 128];

    /// <summary>float32 attention. (q, k, v, output, <see cref="CudaShape"/>), grid (⌈queries / tile⌉, heads, batch).</summary>
    public static CudaEntry FlashF32(int headDim) => headDim switch
    {
        64 => new("flash_f32_d64", 128, 64, 64 << 10),
        128 => new("flash_f32_d128", 128, 64, 72 << 10),
        _ => throw NoEntry(headDim),
    };

    /// <summary>
    /// Attention on tensor cores, half inputs and float sums. (q, k, v, output, <see cref="CudaShape"/>), grid
    /// (⌈queries / tile⌉, heads, batch).
    /// </summary>
    public static CudaEntry FlashF16(int headDim) => headDim switch
    {
        64 => new("flash_f16_d64", 128, 128, 64 << 10),
        128 => new("flash_f16_d128", 128, 64, 80 << 10),
        _ => throw NoEntry(headDim),
    };

    /// <summary>
    /// float32 attention of few queries, the keys split among blocks. (q, k, v, partial, <see cref="CudaShape"/>, int splits), grid
    /// (splits, kvHeads · ⌈(heads / kvHeads) · queries / tile⌉, batch): one block serves all query heads of a kv head. Writes
    /// <see cref="PartialLength"/> floats.
    /// </summary>
    public static CudaEntry Decode(int headDim) => headDim switch
    {
        64 => new("decode_f32_d64", 128, 8, 36 << 10),
        128 => new("decode_f32_d128", 128, 8, 37 << 10),
        _ => throw NoEntry(headDim),
    };

    /// <summary>
    /// Joins the splits of <see cref="Decode"/>. (partial, output, <see cref="CudaShape"/>, int splits), grid (queries, heads, batch).
    /// </summary>
    public static CudaEntry DecodeCombine(int headDim) => headDim switch
    {
        64 => new("decode_combine_d64", 64, 1, 0),
        128 => new("decode_combine_d128", 128, 1, 0),
        _ => throw NoEntry(headDim),
    };

    /// <summary>
    /// Independent multiply-adds, to measure the peak. (float* output [blocks · threads], int iterations, float factor), grid (blocks);
    /// <see cref="PeakFmaFlops"/> each thread and iteration.
    /// </summary>
    public static CudaEntry PeakFma { get; } = new("peak_fma", 256, 256, 0);

    /// <summary>
    /// Independent tensor-core products, half inputs and float sums, to measure the peak. (float* output [blocks · threads],
    /// int iterations, unsigned pattern), grid (blocks); <see cref="PeakMmaFlops"/> each warp and iteration. Pattern: two halves that fill
    /// both factors; not 0, because zeros take less power and allow a higher clock.
    /// </summary>
    public static CudaEntry PeakMma { get; } = new("peak_mma", 256, 256, 0);

    /// <summary>Floating-point operations of a thread in one iteration of <see cref="PeakFma"/>: 128 multiply-adds.</summary>
    public const int PeakFmaFlops = 256;

    /// <summary>Floating-point operations of a warp in one iteration of <see cref="PeakMma"/>: 16 products of 16 × 8 × 16.</summary>
    public const int PeakMmaFlops = 16 * 2 * 16 * 8 * 16;

    /// <summary>
    /// Floats that <see cref="Decode"/> writes: for each [batch, head, query, split] the unnormalised output [headDim], then for each
    /// the maximum and the sum of its weights.
    /// </summary>
    public static long PartialLength(int batch, int heads, int queries, int splits, int headDim) =>
        (long)batch * heads * queries * splits * (headDim + 2);

    private static ArgumentException NoEntry(int headDim) => new($"There is no entry for head dimension {headDim}.");
}
