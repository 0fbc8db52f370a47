using Kernels.Abstractions;
using static Kernels.Bench.Suites.SuiteEntries;

namespace Kernels.Bench.Suites;

/// <summary>One query on a growing key cache: bound by memory, not by arithmetic.</summary>
internal static class DecodeSuite
{
    public static Suite Suite { get; } = new()
    {
        Name = "decode",
        Summary = "one query of llama3-8b on 256 … 32768 cached keys, 1 and all threads",
        Entries =
        [
            .. Decode(AttentionMask.Causal, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768),
        ],
        CaseTime = TimeSpan.FromSeconds(0.5),
        CaseLimit = TimeSpan.FromSeconds(10),
    };
}
