using Kernels.Abstractions;
using Kernels.Measurement;

namespace Kernels.Bench.Suites;

/// <summary>Entries that several suites have.</summary>
internal static class SuiteEntries
{
    /// <summary>8 heads of 64 channels: small enough for a scalar kernel, and common in papers on fast attention.</summary>
    public static readonly AttentionProblem SweepHeads = new(1, 8, 8, 1, 1, 64);

    private static readonly AttentionProblem llamaHeads = NamedShapes.Llama3.Problem;

    /// <summary>Entries with these kernels.</summary>
    public static IEnumerable<SuiteEntry> For(SuiteKernels kernels, IEnumerable<SuiteEntry> entries) =>
        entries.Select(entry => entry with { Kernels = kernels });

    /// <summary>Self-attention of 8 heads of 64 channels at each length.</summary>
    public static IEnumerable<SuiteEntry> Sweep(AttentionMask mask, SuiteThreads threads, params int[] lengths) =>
        Sweep("sweep", SweepHeads, mask, threads, lengths);

    /// <summary>Self-attention of these heads at each length.</summary>
    public static IEnumerable<SuiteEntry> Sweep(
        string name, AttentionProblem heads, AttentionMask mask, SuiteThreads threads, params int[] lengths) =>
        from length in lengths
        let problem = new AttentionProblem(heads.Batch, heads.Heads, heads.KvHeads, length, length, heads.HeadDim, mask)
        select new SuiteEntry(new NamedProblem(name, problem), threads);

    /// <summary>The shapes of real models, those with the least work first.</summary>
    public static IEnumerable<SuiteEntry> ModelShapes(SuiteThreads threads) =>
        NamedShapes.All.OrderBy(shape => Operations.Softmax.Flops(shape.Problem)).Select(shape => new SuiteEntry(shape, threads));

    /// <summary>One query of llama3-8b on so many keys.</summary>
    public static IEnumerable<SuiteEntry> Decode(AttentionMask mask, params int[] lengths) =>
        from keys in lengths
        let problem = new AttentionProblem(1, llamaHeads.Heads, llamaHeads.KvHeads, 1, keys, llamaHeads.HeadDim, mask)
        select new SuiteEntry(new NamedProblem("llama3-8b-decode", problem), SuiteThreads.OneAndAll);
}
