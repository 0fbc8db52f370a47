using Kernels.Abstractions;

namespace Kernels.Gpu.Ilgpu;

/// <summary>Sizes of a problem, as kernel arguments.</summary>
internal readonly struct TensorShape(AttentionProblem problem)
{
    public readonly int Queries = problem.Queries, Keys = problem.Keys, HeadDim = problem.HeadDim;

    /// <summary>Query heads that share a kv head.</summary>
    public readonly int Group = problem.Heads / problem.KvHeads;

    public readonly float Scale = problem.Scale;

    /// <summary>Offset of a query in q and output; heads are counted through all sequences.</summary>
    public long Query(int head, int query) => ((long)head * Queries + query) * HeadDim;

    /// <summary>Offset of a key of a query head in k and v.</summary>
    public long Key(int head, int key) => ((long)(head / Group) * Keys + key) * HeadDim;

    /// <summary>Offset of the scores of a query.</summary>
    public long Scores(int head, int query) => ((long)head * Queries + query) * Keys;
}
