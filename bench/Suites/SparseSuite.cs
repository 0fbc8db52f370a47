using Kernels.Abstractions;
using static Kernels.Bench.Suites.SuiteEntries;

namespace Kernels.Bench.Suites;

/// <summary>Each sparse pattern beside dense attention on the same lengths, and beside the same pattern as a dense mask.</summary>
internal static class SparseSuite
{
    /// <summary>The patterns with the parameters of their papers, reduced where those do not fit 1024 tokens.</summary>
    public static IReadOnlyList<AttentionMask> Masks { get; } =
    [
        new RandomBlocks(64, 10, 1), new FixedPattern(128, 8), new StridedPattern(128), AttentionMask.Window(256, 256),
        new DilatedWindow(128, 128, 4), new LongNet((512, 1), (1024, 2)), new BigBird(64, 3, 2, 3, 1), new Longformer(256, 16),
    ];

    public static Suite Suite { get; } = new()
    {
        Name = "sparse",
        Summary = "1024 … 16384 tokens under every sparse pattern and the full mask, 1 thread",
        Entries =
        [
            .. from length in new[] { 1024, 2048, 4096, 8192, 16384 }
               from mask in Masks.Append(AttentionMask.Full)
               from entry in Sweep("sparse", SweepHeads, mask, SuiteThreads.One, length)
               select entry,
        ],
        CaseTime = TimeSpan.FromSeconds(1),
        CaseLimit = TimeSpan.FromSeconds(60),
    };
}
