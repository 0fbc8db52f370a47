using Kernels.Abstractions;

namespace Kernels.Gpu.Cuda;

/// <summary>
/// The entries of attention.cu. Tensors are dense [batch, head, token, channel], their pointers 16-byte aligned. q, k and v have the type
/// in the entry's name; every output is float, but for what <see cref="CudaTargets"/> rounds.
/// </summary>
internal static class CudaEntries
{
    /// <summary>The only compute capability with the entries named wgmma.</summary>
    public static Version Warpgroups { get; } = new(9, 0);

    /// <summary>The head dimensions with entries.</summary>
    public static IReadOnlyList<int> HeadDims { get; } = [64, 128];

    /// <summary>float32 attention. (q, k, v, <see cref="CudaTargets"/>, <see cref="CudaShape"/>), grid (⌈queries / tile⌉, heads, batch).</summary>
    public static CudaEntry FlashF32(int headDim) => headDim switch
    {
        64 => new("flash_f32_d64", 128, 64, 64 << 10),
        128 => new("flash_f32_d128", 128, 64, 72 << 10),
        _ => throw NoEntry(headDim),
    };

    /// <summary>
    /// Attention on tensor cores, inputs of 16 bits and float sums, a warp by itself. Parameters and grid as for <see cref="FlashF32"/>.
    /// </summary>
    public static CudaEntry FlashMma(Element element, int headDim) => headDim switch
    {
        64 => new($"flash_{Name(element)}_d64", 128, 128, 64 << 10),
        128 => new($"flash_{Name(element)}_d128", 128, 64, 80 << 10),
        _ => throw NoEntry(headDim),
    };

    /// <summary>
    /// The same by products of four warps together, in code of compute capability 9.0 only. Parameters and grid as for
    /// <see cref="FlashF32"/>.
    /// </summary>
    public static CudaEntry FlashWgmma(Element element, int headDim) => headDim switch
    {
        64 => new($"flash_wgmma_{Name(element)}_d64", 128, 64, 72 << 10),
        128 => new($"flash_wgmma_{Name(element)}_d128", 256, 128, 160 << 10),
        _ => throw NoEntry(headDim),
    };

    /// <summary>
    /// Attention of few queries, the keys split among blocks. (q, k, v, partial, <see cref="CudaShape"/>, int splits), grid
    /// (splits, kvHeads · ⌈(heads / kvHeads) · queries / tile⌉, batch): one block serves all query heads of a kv head. Writes
    /// <see cref="PartialLength"/> floats.
    /// </summary>
    public static CudaEntry Decode(Element element, int headDim) => (element, headDim) switch
    {
        (Element.Float32, 64) => new("decode_f32_d64", 128, 8, 36 << 10),
        (Element.Float32, 128) => new("decode_f32_d128", 128, 8, 37 << 10),
        (_, 64) => new($"decode_{Name(element)}_d64", 32, 16, 66 << 10),
        (_, 128) => new($"decode_{Name(element)}_d128", 32, 16, 68 << 10),
        _ => throw NoEntry(headDim),
    };

    /// <summary>
    /// Joins the splits of <see cref="Decode"/>. (partial, <see cref="CudaTargets"/>, <see cref="CudaShape"/>, int splits), grid (queries, heads, batch).
    /// </summary>
    public static CudaEntry DecodeCombine(int headDim) => headDim switch
    {
        64 => new("decode_combine_d64", 256, 1, 4 << 10),
        128 => new("decode_combine_d128", 256, 1, 4 << 10),
        _ => throw NoEntry(headDim),
    };

    /// <summary>
    /// dQ of the backward pass, and of each row [batch, head, query] the two floats that <see cref="BackwardKeys"/> reads. (q, k, v, o, lse, do, dq,
    /// statistics, <see cref="CudaShape"/>), grid (⌈queries / tile⌉, heads, batch); o and do have the type of q.
    /// </summary>
    public static CudaEntry BackwardQueries(Element element, int headDim) => (element, headDim) switch
    {
        (Element.Float32, 64) => new("backward_queries_f32_d64", 128, 64, 80 << 10),
        (Element.Float32, 128) => new("backward_queries_f32_d128", 128, 32, 68 << 10),
        (_, 64) => new($"backward_queries_{Name(element)}_d64", 128, 128, (64 << 10) + 512),
        (_, 128) => new($"backward_queries_{Name(element)}_d128", 128, 64, (64 << 10) + 256),
        _ => throw NoEntry(headDim),
    };

    /// <summary>
    /// dK and dV, each of all heads that share the key. (q, k, v, do, statistics, dk, dv, <see cref="CudaShape"/>), grid (⌈keys / tile⌉, kvHeads,
    /// batch); the tile's rows are keys.
    /// </summary>
    public static CudaEntry BackwardKeys(Element element, int headDim) => (element, headDim) switch
    {
        (Element.Float32, 64) => new("backward_keys_f32_d64", 128, 64, 96 << 10),
        (Element.Float32, 128) => new("backward_keys_f32_d128", 128, 32, 72 << 10),
        (_, 64) => new($"backward_keys_{Name(element)}_d64", 128, 128, 65 << 10),
        (_, 128) => new($"backward_keys_{Name(element)}_d128", 128, 64, (64 << 10) + 512),
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

    /// <summary>
    /// The same by products of four warps together, in code of compute capability 9.0 only; <see cref="PeakWgmmaFlops"/> each block and
    /// iteration. Parameters and grid as for <see cref="PeakMma"/>.
    /// </summary>
    public static CudaEntry PeakWgmma { get; } = new("peak_wgmma", 256, 256, 16 << 10);

    /// <summary>Floating-point operations of a thread in one iteration of <see cref="PeakFma"/>: 128 multiply-adds.</summary>
    public const int PeakFmaFlops = 256;

    /// <summary>Floating-point operations of a warp in one iteration of <see cref="PeakMma"/>: 16 products of 16 × 8 × 16.</summary>
    public const int PeakMmaFlops = 16 * 2 * 16 * 8 * 16;

    /// <summary>Floating-point operations of a block in one iteration of <see cref="PeakWgmma"/>: 8 products of 64 × 128 × 16 a warpgroup.</summary>
    public const int PeakWgmmaFlops = 2 * 8 * 2 * 64 * 128 * 16;

    /// <summary>
    /// Floats that <see cref="Decode"/> writes: for each [batch, head, query, split] the unnormalised output [headDim], then for each
    /// the maximum and the sum of its weights.
    /// </summary>
    public static long PartialLength(int batch, int heads, int queries, int splits, int headDim) =>
        (long)batch * heads * queries * splits * (headDim + 2);

    /// <summary>Bytes of the statistics that <see cref="BackwardQueries"/> writes.</summary>
    public static long StatisticsBytes(AttentionProblem problem) => 2L * sizeof(float) * problem.Batch * problem.Heads * problem.Queries;

    private static string Name(Element element) => element == Element.BFloat16 ? "bf16" : "f16";

    private static ArgumentException NoEntry(int headDim) => new($"There is no entry for head dimension {headDim}.");
}
