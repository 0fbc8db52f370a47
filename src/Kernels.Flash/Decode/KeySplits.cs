using Kernels.Abstractions;

namespace Kernels.Flash.Decode;

/// <summary>
/// How the keys that some row sees are cut into pieces of their own softmax. It depends on the problem alone: a cut that followed the number
/// of threads would make the last bits of the result follow it too.
/// </summary>
internal readonly struct KeySplits
{
    // Enough for the threads of most machines, and for even work on few threads.
    private const int WantedItems = 64;

    // So that a split's own beginning and its part of the combination stay small against reading its keys and values.
    private const int FewestKeys = 2 * DecodeBlocks.Keys;

    private readonly KeyRange visible;
    private readonly int keysPerSplit;

    public KeySplits(AttentionProblem problem)
    {
        visible = problem.KeysSeenByAny(0, problem.Queries);
        int kvHeads = problem.Batch * problem.KvHeads, wanted = (WantedItems - 1) / kvHeads + 1;
        int keys = Math.Max(FewestKeys, (visible.Length - 1) / wanted + 1);
        keysPerSplit = (keys + DecodeBlocks.Keys - 1) / DecodeBlocks.Keys * DecodeBlocks.Keys;
        Count = Math.Max(1, (visible.Length - 1) / keysPerSplit + 1);
    }

    /// <summary>Splits of each kv head, at least 1.</summary>
    public int Count { get; }

    /// <summary>The keys of one split; empty only when no query sees a key.</summary>
    public KeyRange this[int split]
    {
        get
        {
            int begin = visible.Begin + split * keysPerSplit;
            return new KeyRange(begin, Math.Min(visible.End, begin + keysPerSplit));
        }
    }
}
