using Kernels.Abstractions;
using static Kernels.Bench.Suites.SuiteEntries;

namespace Kernels.Bench.Suites;

/// <summary>More lengths, head dimensions and masks, more samples, one and all threads.</summary>
internal static class FullSuite
{
    public static Suite Suite { get; } = new()
    {
        Name = "full",
        Summary = "64 … 8192 tokens, head dimensions 32 … 256, full, causal and window masks, 1 and all threads; an hour or more",
        Entries =
        [
            .. Sweep(AttentionMask.Full, SuiteThreads.OneAndAll, 64, 128, 256, 512, 1024, 2048, 4096, 8192),
            .. Sweep(AttentionMask.Causal, SuiteThreads.OneAndAll, 128, 256, 512, 1024, 2048, 4096, 8192),
            .. Sweep(AttentionMask.Window(128, 128), SuiteThreads.OneAndAll, 512, 1024, 2048, 4096, 8192),
            .. new[] { 32, 80, 128, 256 }.SelectMany(headDim => Sweep(
                "head-dim", new AttentionProblem(1, 8, 8, 1, 1, headDim), AttentionMask.Full, SuiteThreads.One, 256, 1024)),
            .. ModelShapes(SuiteThreads.OneAndAll),
        ],
        CaseTime = TimeSpan.FromSeconds(1),
        CaseLimit = TimeSpan.FromSeconds(60),
    };
}
