using Kernels.Abstractions;

namespace Kernels.Flash.Decode;

/// <summary>The rows of one kv head: every query of every head that shares it, head by head, as they lie in q and in the output.</summary>
internal readonly struct DecodeRows
{
    private readonly AttentionProblem problem;

    /// <param name="problem">Shapes and mask.</param>
    /// <param name="kvHead">Batch · KvHeads + kv head.</param>
    public DecodeRows(AttentionProblem problem, int kvHead)
    {
        this.problem = problem;
        int group = problem.Heads / problem.KvHeads;
        Count = group * problem.Queries;
        Offset = (nint)kvHead * Count * problem.HeadDim;
        KeyOffset = (nint)kvHead * problem.Keys * problem.HeadDim;
    }

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    /// <summary>Where the first row begins in q and in the output; the others follow.</summary>
    public nint Offset { get; }

    /// <summary>Where the kv head begins in k and in v.</summary>
    public nint KeyOffset { get; }

    /// <summary>The keys that a row sees.</summary>
    public KeyRange Visible(int row) => problem.VisibleKeys(row % problem.Queries);
}
