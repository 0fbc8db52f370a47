using Kernels.Abstractions;
using static Kernels.Bench.Suites.SuiteEntries;

namespace Kernels.Bench.Suites;

/// <summary>Long sequences, for kernels that support them.</summary>
internal static class LongSuite
{
    public static Suite Suite { get; } = new()
    {
        Name = "long",
        Summary = "2048 … 32768 tokens, full, causal and window masks, all threads",
        Entries =
        [
            .. from length in new[] { 2048, 4096, 8192, 16384, 32768 }
               from mask in new[] { AttentionMask.Window(256, 256), AttentionMask.Causal, AttentionMask.Full }
               from entry in Sweep("long", SweepHeads, mask, SuiteThreads.All, length)
               select entry,
        ],
        CaseTime = TimeSpan.FromSeconds(1),
        CaseLimit = TimeSpan.FromSeconds(120),
    };
}
