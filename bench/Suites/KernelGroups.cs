namespace Kernels.Bench.Suites;

/// <summary>Kernels that several suites have, as items of <see cref="SuiteKernels"/>.</summary>
internal static class KernelGroups
{
    public const string BestFlash = "flash-avx512-interleaved|flash-avx2-6x16|flash-portable-6x8";

    public const string BestSimd = "simd-avx512|simd-avx2|simd-portable";

    public const string OpenBlas = "simd-openblas-three-pass", AllPeers = "peer-*";

    public static readonly string[] NaiveFamily = ["naive-triple-loop", "naive-three-pass", "naive-online-softmax"];

    public static readonly string[] FlashDecode = ["flash-decode-portable", "flash-decode-avx2", "flash-decode-avx512"];

    // Not by a glob, which would match backward passes.
    public static readonly string[] LinearFamily =
        ["linear-elu-chunked", "linear-retention-chunked", "linear-delta-chunked", "linear-favor-chunked", "linear-linformer"];

    public static readonly SuiteKernels Dense = new("flash-portable-6x8", "flash-avx2-6x16", "flash-avx512-*", BestSimd, OpenBlas, AllPeers);
}
