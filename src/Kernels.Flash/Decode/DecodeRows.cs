using Kernels.Abstractions;
using Kernels.Flash.Distances;
using Kernels.Primitives.Decode;

namespace Kernels.Flash.Decode;

/// <summary>The rows of one kv head: every query of every head that shares it, head by head.</summary>
internal readonly unsafe struct DecodeRows
{
    private readonly AttentionProblem problem;
    private readonly int group;

    /// <param name="problem">Shapes and mask.</param>
    /// <param name="kvHead">Batch · KvHeads + kv head.</param>
    public DecodeRows(AttentionProblem problem, int kvHead)
    {
        this.problem = problem;
        group = problem.Heads / problem.KvHeads;
        (Batch, KvHead) = Math.DivRem(kvHead, problem.KvHeads);
    }

    /// <summary>The sequence.</summary>
    public int Batch { get; }

    /// <summary>The kv head of the sequence.</summary>
    public int KvHead { get; }

    /// <summary>Number of rows.</summary>
    public int Count => group * problem.Queries;

    /// <summary>Address of a row in q, the output or the log-sum-exps.</summary>
    public T* At<T>(in Tensor tensor, int row)
        where T : unmanaged =>
        tensor.At<T>(Batch, KvHead * group + row / problem.Queries, row % problem.Queries);

    /// <summary>The bias of a problem with slopes.</summary>
    /// <param name="memory"><see cref="DistanceBias.Length"/> floats for <see cref="DecodeLayout.MaxRows"/> rows.</param>
    public DistanceBias Distances(float* memory)
    {
        var bias = new DistanceBias(memory, DecodeLayout.MaxRows);
        for (int row = 0; row < Count; row++)
        {
            (int head, int query) = Math.DivRem(row, problem.Queries);
            bias.Set(row, query > 0 ? bias.Slope(row - 1) : DistanceBias.UnscaledSlope(problem, KvHead * group + head), DistanceBias.Nearest(problem, query));
        }
        return bias;
    }

    /// <summary>The keys that a row sees.</summary>
    public KeyRange Visible(int row) => problem.VisibleKeys(row % problem.Queries);
}
