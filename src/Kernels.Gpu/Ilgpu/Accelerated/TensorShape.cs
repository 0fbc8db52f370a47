using Kernels.Abstractions;

namespace Kernels.Gpu.Ilgpu;

/// <summary>What the kernels need to know of a problem.</summary>
internal readonly struct TensorShape(AttentionProblem problem)
{
    public readonly int Queries = problem.Queries, Keys = problem.Keys, HeadDim = problem.HeadDim;

    /// <summary>Query heads that share a kv head.</summary>
    public readonly int Group = problem.Heads / problem.KvHeads;

    public readonly float Scale = problem.Scale;

    /// <summary>Where a query of a head of all sequences begins in q and output.</summary>
    public long Query(int head, int query) => ((long)head * Queries + query) * HeadDim;

    /// <summary>Where a key that serves a query head begins in k and v.</summary>
    public long Key(int head, int key) => ((long)(head / Group) * Keys + key) * HeadDim;

    /// <summary>Where the scores of a query begin.</summary>
    public long Scores(int head, int query) => ((long)head * Queries + query) * Keys;
}
