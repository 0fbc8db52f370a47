using Kernels.Abstractions;

namespace Kernels.Bench.Suites;

/// <summary>The suites of <c>run --suite</c>.</summary>
public static class AllSuites
{
    // 8 heads of 64 channels: small enough for a scalar kernel, and what most papers on fast attention sweep.
    private static readonly AttentionProblem sweepHeads = new(1, 8, 8, 1, 1, 64);

    private static readonly AttentionProblem llamaHeads = NamedShapes.Llama3.Problem;

    /// <summary>Every kernel on a short sweep and on the shapes of real models; under three minutes on two cores.</summary>
    public static Suite Quick { get; } = new()
    {
        Name = "quick",
        Summary = "128 … 2048 tokens and six model shapes, under 3 minutes on 2 cores",
        Entries =
        [
            .. Sweep("sweep", sweepHeads, AttentionMask.Full, SuiteThreads.One, 128, 512),
            .. Sweep("sweep", sweepHeads, AttentionMask.Causal, SuiteThreads.One, 256),
            .. Models(SuiteThreads.All),
            .. Sweep("sweep", sweepHeads, AttentionMask.Causal, SuiteThreads.One, 2048),
            .. Sweep("sweep", sweepHeads, AttentionMask.Full, SuiteThreads.OneAndAll, 2048),
        ],
        CaseTime = TimeSpan.FromSeconds(0.2),
        CaseLimit = TimeSpan.FromSeconds(3.4),
        Budget = TimeSpan.FromSeconds(130),
    };

    /// <summary>More lengths, head dimensions and masks, more samples, one and all threads.</summary>
    public static Suite Full { get; } = new()
    {
        Name = "full",
        Summary = "64 … 8192 tokens, head dimensions 32 … 256, full, causal and window masks, 1 and all threads; an hour or more",
        Entries =
        [
            .. Sweep("sweep", sweepHeads, AttentionMask.Full, SuiteThreads.OneAndAll, 64, 128, 256, 512, 1024, 2048, 4096, 8192),
            .. Sweep("sweep", sweepHeads, AttentionMask.Causal, SuiteThreads.OneAndAll, 128, 256, 512, 1024, 2048, 4096, 8192),
            .. Sweep("sweep", sweepHeads, AttentionMask.Window(128, 128), SuiteThreads.OneAndAll, 512, 1024, 2048, 4096, 8192),
            .. new[] { 32, 80, 128, 256 }.SelectMany(headDim => Sweep(
                "head-dim", new AttentionProblem(1, 8, 8, 1, 1, headDim), AttentionMask.Full, SuiteThreads.One, 256, 1024)),
            .. Models(SuiteThreads.OneAndAll),
        ],
        CaseTime = TimeSpan.FromSeconds(1),
        CaseLimit = TimeSpan.FromSeconds(60),
    };

    /// <summary>One query on a growing key cache: bound by memory, not by arithmetic.</summary>
    public static Suite Decode { get; } = new()
    {
        Name = "decode",
        Summary = "one query of llama3-8b on 256 … 32768 cached keys, 1 and all threads",
        Entries =
        [
            .. from keys in new[] { 256, 512, 1024, 2048, 4096, 8192, 16384, 32768 }
               let problem = new AttentionProblem(1, llamaHeads.Heads, llamaHeads.KvHeads, 1, keys, llamaHeads.HeadDim, AttentionMask.Causal)
               select new SuiteEntry(new NamedProblem("llama3-8b-decode", problem), SuiteThreads.OneAndAll),
        ],
        CaseTime = TimeSpan.FromSeconds(0.5),
        CaseLimit = TimeSpan.FromSeconds(10),
    };

    /// <summary>Long sequences, for the kernels that can.</summary>
    public static Suite Long { get; } = new()
    {
        Name = "long",
        Summary = "2048 … 32768 tokens, full, causal and window masks, all threads",
        Entries =
        [
            .. from length in new[] { 2048, 4096, 8192, 16384, 32768 }
               from mask in new[] { AttentionMask.Window(256, 256), AttentionMask.Causal, AttentionMask.Full }
               from entry in Sweep("long", sweepHeads, mask, SuiteThreads.All, length)
               select entry,
        ],
        CaseTime = TimeSpan.FromSeconds(1),
        CaseLimit = TimeSpan.FromSeconds(120),
    };

    /// <summary>
    /// What a device is for: enough heads to fill it, lengths that keep it busy, the models' shapes, and decoding. The tensors of the
    /// largest case are 512 MiB, which every device that the kernels know has memory for.
    /// </summary>
    public static Suite Gpu { get; } = new()
    {
        Name = "gpu",
        Summary = "kernels on devices only: 512 … 16384 tokens of 16 heads, head dimensions 64 and 128, full and causal, models and decoding",
        DevicesOnly = true,
        Entries =
        [
            .. from length in new[] { 512, 1024, 2048, 4096, 8192, 16384 }
               from headDim in new[] { 64, 128 }
               from mask in new[] { AttentionMask.Causal, AttentionMask.Full }
               from entry in Sweep("device", new AttentionProblem(1, 16, 16, 1, 1, headDim), mask, SuiteThreads.All, length)
               select entry,
            .. Models(SuiteThreads.All),
            .. Decode.Entries.Where(entry => entry.Problem.Problem.Keys >= 1024).Select(entry => entry with { Threads = SuiteThreads.All }),
        ],
        CaseTime = TimeSpan.FromSeconds(0.5),
        CaseLimit = TimeSpan.FromSeconds(20),
        Budget = TimeSpan.FromMinutes(15),
    };

    /// <summary>Each sparse pattern beside dense attention on the same lengths: where skipping overtakes, and what it wins over a mask.</summary>
    public static Suite Sparse { get; } = new()
    {
        Name = "sparse",
        Summary = "1024 … 16384 tokens under every sparse pattern and the full mask, 1 thread",
        Entries =
        [
            .. from length in new[] { 1024, 2048, 4096, 8192, 16384 }
               from mask in SparseMasks.Append(AttentionMask.Full)
               from entry in Sweep("sparse", sweepHeads, mask, SuiteThreads.One, length)
               select entry,
        ],
        CaseTime = TimeSpan.FromSeconds(1),
        CaseLimit = TimeSpan.FromSeconds(60),
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Suite> All { get; } = [Quick, Full, Decode, Long, Sparse, Gpu];

    /// <summary>The patterns with the numbers of their papers, scaled so that all have room on 1024 tokens where the paper's have not.</summary>
    private static IEnumerable<AttentionMask> SparseMasks =>
    [
        new RandomBlocks(64, 10, 1), new FixedPattern(128, 8), new StridedPattern(128), AttentionMask.Window(256, 256),
        new DilatedWindow(128, 128, 4), new LongNet((512, 1), (1024, 2)), new BigBird(64, 3, 2, 3, 1), new Longformer(256, 16),
    ];

    private static IEnumerable<SuiteEntry> Models(SuiteThreads threads) =>
        NamedShapes.All.OrderBy(shape => Definition.Softmax.ExactFlops(shape.Problem)).Select(shape => new SuiteEntry(shape, threads));

    private static IEnumerable<SuiteEntry> Sweep(
        string name, AttentionProblem heads, AttentionMask mask, SuiteThreads threads, params int[] lengths) =>
        from length in lengths
        let problem = new AttentionProblem(heads.Batch, heads.Heads, heads.KvHeads, length, length, heads.HeadDim, mask)
        select new SuiteEntry(new NamedProblem(name, problem), threads);
}
