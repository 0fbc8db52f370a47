using Kernels.Abstractions;
using static Kernels.Bench.Suites.KernelGroups;
using static Kernels.Bench.Suites.SuiteEntries;

namespace Kernels.Bench.Suites;

/// <summary>
/// The problems behind the README's figures, in one run, each with only the kernels that it is about, since all kernels on all problems
/// would take many hours. Every family is measured beside the fastest dense kernel on the same heads, masks and lengths.
/// </summary>
internal static class ReferenceSuite
{
    // With one head of 64 channels, q, k, v and output are 1 GiB.
    private const int Million = 1 << 20;

    private static readonly AttentionProblem oneHead = new(1, 1, 1, 1, 1, 64);

    private static readonly SuiteKernels
        flash = new(BestFlash),
        best = flash.With(BestSimd, OpenBlas),
        ladder = new(
            [
                .. NaiveFamily, "simd-tensor-primitives", "simd-portable", "simd-avx*", "simd-openblas-*", "simd-top-k",
                "flash-portable-6x8", "flash-avx2-6x16", "flash-avx512-*", .. LinearFamily, AllPeers,
            ]),
        skipping = new(BestFlash, "sparse-tiles-avx512|sparse-tiles-avx2|sparse-tiles-portable", "sparse-tiles-avx2"),
        sparse = skipping.With("sparse-simulated"),
        decoding = new([.. FlashDecode, "flash-decode-bf16-*", BestSimd, OpenBlas, AllPeers]);

    public static Suite Suite { get; } = new()
    {
        Name = "reference",
        Summary = "the problems behind the README's figures, each with the kernels that it is about; 20 minutes on 2 cores",
        Entries =
        [
            .. For(ladder, Sweep(AttentionMask.Full, SuiteThreads.OneAndAll, 128, 512)),
            .. For(Dense.With(LinearFamily), Sweep(AttentionMask.Full, SuiteThreads.OneAndAll, 1024, 2048, 4096)),
            .. For(best.With(["flash-avx2-6x16", "flash-avx512-6x64", .. LinearFamily]), Sweep(AttentionMask.Full, SuiteThreads.OneAndAll, 8192)),
            .. For(flash, Sweep(AttentionMask.Full, SuiteThreads.One, 16384)),
            .. For(Dense.With(LinearFamily), Sweep(AttentionMask.Causal, SuiteThreads.OneAndAll, 256, 1024, 2048, 4096)),
            .. For(Dense, [new SuiteEntry(NamedShapes.VitB16, SuiteThreads.OneAndAll)]),
            .. For(flash, HeadDim(128, 512, 2048, 4096, 8192)),
            .. For(Dense, new[] { 40, 72, 80, 96, 128, 256 }.SelectMany(headDim => HeadDim(headDim, 1024))),
            .. For(Dense, HeadDim(64, 1023)),
            .. from mask in new AttentionMask[] { AttentionMask.Window(256, 256), new RandomBlocks(64, 10, 1) }
               from entry in For(sparse, Sweep(mask, SuiteThreads.One, 1024, 2048, 4096))
                   .Concat(For(skipping, Sweep(mask, SuiteThreads.One, 16384)))
               select entry,
            .. from mask in SparseSuite.Masks.Where(mask => mask is not (WindowMask or RandomBlocks))
               from entry in For(sparse, Sweep(mask, SuiteThreads.One, 4096))
               select entry,
            .. For(best.With(LinearFamily), Sweep("long", oneHead, AttentionMask.Causal, SuiteThreads.One, 256, 512, 1024, 2048, 4096)),
            .. For(flash.With(LinearFamily), Sweep("long", oneHead, AttentionMask.Causal, SuiteThreads.One, 16384, 65536, 262144, Million)),
            .. For(skipping, Sweep("long", oneHead, AttentionMask.Window(511, 0), SuiteThreads.One, 1024, 2048, 4096, 16384, 65536, 262144, Million)),
            .. For(decoding, Decode(AttentionMask.Causal, 256, 1024, 2048, 8192, 32768)),
            .. For(decoding, Decode(AttentionMask.Window(511, 0), 8192, 32768)),
        ],
        CaseTime = TimeSpan.FromSeconds(0.8),
        CaseLimit = TimeSpan.FromSeconds(90),
    };

    private static IEnumerable<SuiteEntry> HeadDim(int headDim, params int[] lengths) =>
        Sweep("head-dim", new AttentionProblem(1, 8, 8, 1, 1, headDim), AttentionMask.Full, SuiteThreads.One, lengths);
}
