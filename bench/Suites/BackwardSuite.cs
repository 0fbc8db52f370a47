using Kernels.Abstractions;
using static Kernels.Bench.Suites.SuiteEntries;

namespace Kernels.Bench.Suites;

/// <summary>
/// Backward passes beside the forward passes of the same kind on the same problems: softmax attention, linear attention and retention; their rungs on the
/// short ones.
/// </summary>
internal static class BackwardSuite
{
    private static readonly SuiteKernels gradients = new(
        "flash-lse-avx512-interleaved|flash-lse-avx2-6x16|flash-lse-portable-6x8",
        "flash-backward-avx512|flash-backward-avx2|flash-backward-portable", "flash-backward-avx2", "peer-*-lse", "peer-*-backward",
        "linear-elu-chunked", "linear-elu-backward-chunked", "linear-retention-chunked", "linear-retention-backward-chunked");

    public static Suite Suite { get; } = new()
    {
        Name = "backward",
        Summary = "forward and backward, softmax, linear attention, retention: 512 … 8192 tokens, head dimensions 64, 128, full, causal, 1 and all threads",
        Entries =
        [
            .. from length in new[] { 512, 1024, 2048, 4096, 8192 }
               from headDim in new[] { 64, 128 }
               from mask in new[] { AttentionMask.Causal, AttentionMask.Full }
               from entry in For(
                   length <= 1024 ? gradients.With("naive-*backward", "simd-backward-*", "flash-backward-*") : gradients,
                   Sweep("backward", new AttentionProblem(1, 8, 8, 1, 1, headDim), mask, SuiteThreads.OneAndAll, length))
               select entry,
        ],
        CaseTime = TimeSpan.FromSeconds(1),
        CaseLimit = TimeSpan.FromSeconds(60),
    };
}
