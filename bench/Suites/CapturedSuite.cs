using Kernels.Abstractions;
using Kernels.Models;
using Kernels.Models.Captures;
using Kernels.Reference;
using static Kernels.Bench.Suites.KernelGroups;
using static Kernels.Bench.Suites.SuiteEntries;

namespace Kernels.Bench.Suites;

/// <summary>
/// What a trained model attends with: whole texts of several lengths, its six layers as a batch. The output of every timed call is of real queries and keys,
/// whose weights are spread over many keys in some heads and on one in others.
/// </summary>
internal static class CapturedSuite
{
    // Dense softmax attention on the processor: a sparse kernel refuses the full mask, and emulated devices are never timed.
    private static readonly SuiteKernels softmax = new(
        [
            .. NaiveFamily, "simd-tensor-primitives", "simd-portable", "simd-avx*", "simd-openblas-*",
            "flash-portable-6x8", "flash-avx2-6x16", "flash-avx512-*", .. FlashDecode, "flash-bf16-*", "flash-decode-bf16-*",
            AllPeers,
        ]);

    private static readonly AttentionProblem layersOfMiniLm =
        new(MiniLm.Shape.Layers, MiniLm.Shape.Heads, MiniLm.Shape.Heads, 1, 1, MiniLm.Shape.HeadDim);

    public static Suite Suite { get; } = new()
    {
        Name = "captured",
        Summary = "q, k and v of all layers and heads of the trained MiniLM in texts of 16 … 512 tokens, 1 and all threads; needs model fetch minilm",
        Entries =
        [
            .. For(softmax, Sweep("minilm-captured", layersOfMiniLm, AttentionMask.Full, SuiteThreads.OneAndAll, [.. CapturedAttention.UsualLengths])),
        ],
        CaseTime = TimeSpan.FromSeconds(0.3),
        CaseLimit = TimeSpan.FromSeconds(30),
        Inputs = InputFamily.Captured,
    };
}
