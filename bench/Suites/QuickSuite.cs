using Kernels.Abstractions;
using static Kernels.Bench.Suites.KernelGroups;
using static Kernels.Bench.Suites.SuiteEntries;

namespace Kernels.Bench.Suites;

/// <summary>
/// Every kernel on short sequences, the fast ones on the shapes of real models and on long ones; under five minutes on two cores.
/// </summary>
internal static class QuickSuite
{
    // One width of each other operation and format suffices to compare costs.
    private static readonly string[] guests =
    [
        "flash-lse-avx512-interleaved|flash-lse-avx2-6x16|flash-lse-portable-6x8",
        "flash-step-avx512-interleaved|flash-step-avx2-6x16|flash-step-portable-6x8",
        "flash-bf16-avx512-interleaved|flash-bf16-avx2-6x16|flash-bf16-portable-6x8",
    ];

    // All but kernels on emulators, which are never timed and are slow in the gate.
    private static readonly SuiteKernels everything = new(
        [
            .. NaiveFamily, "simd-tensor-primitives", "simd-portable", "simd-avx*", "simd-openblas-*", "simd-top-k",
            "flash-portable-6x8", "flash-avx2-6x16", "flash-avx512-*", .. FlashDecode, "sparse-*",
            .. LinearFamily, "linear-*-recurrent", "gpu-opencl-*", AllPeers,
        ]);

    public static Suite Suite { get; } = new()
    {
        Name = "quick",
        Summary = "128 … 2048 tokens and six model shapes, under 5 minutes on 2 cores",
        Entries =
        [
            // On longer problems further scalar kernels would take too much of the time.
            .. For(everything.With(["naive-online-lse", "naive-online-step", .. guests]), Sweep(AttentionMask.Full, SuiteThreads.One, 128)),
            .. For(everything, Sweep(AttentionMask.Full, SuiteThreads.One, 512)),
            .. For(everything, Sweep(AttentionMask.Causal, SuiteThreads.One, 256)),
            .. For(Dense.With([.. FlashDecode, "gpu-opencl-flash"]), ModelShapes(SuiteThreads.All)),
            .. For(Dense.With([.. LinearFamily, .. guests]), Sweep(AttentionMask.Causal, SuiteThreads.One, 2048)),
            .. For(Dense.With(LinearFamily), Sweep(AttentionMask.Full, SuiteThreads.OneAndAll, 2048)),
        ],
        CaseTime = TimeSpan.FromSeconds(0.2),
        CaseLimit = TimeSpan.FromSeconds(3.4),
        Budget = TimeSpan.FromSeconds(290),
    };
}
