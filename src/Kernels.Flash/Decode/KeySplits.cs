using Kernels.Abstractions;
using Kernels.Primitives.Decode;

namespace Kernels.Flash.Decode;

/// <summary>
/// How the keys that some row sees are cut into splits, each with a softmax of its own. The cut depends on the problem alone, so that the
/// result is bit-identical for every number of threads.
/// </summary>
internal readonly struct KeySplits
{
    // For long sequences: enough items to balance threads of uneven speed.
    private const int MostItems = 64;

    // For short sequences, where the fixed cost of a split equals that of many keys.
    private const int FewestItems = 8;

    // On Zen 4, splits of 512 keys were faster in cache than those of 128, and longer ones hardly faster.
    private const int WantedKeys = 512, FewestKeys = DecodeLayout.MostKeys;

    private readonly KeyRange visible;
    private readonly int keysPerSplit;

    public KeySplits(AttentionProblem problem)
    {
        visible = problem.KeysSeenByAny(0, problem.Queries);
        int kvHeads = problem.Batch * problem.KvHeads;
        int most = KeysOf(MostItems, kvHeads), fewest = KeysOf(FewestItems, kvHeads);
        int keys = Math.Max(Math.Max(most, FewestKeys), Math.Min(fewest, WantedKeys));
        keysPerSplit = (keys + DecodeLayout.MostKeys - 1) / DecodeLayout.MostKeys * DecodeLayout.MostKeys;
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

    /// <summary>
    /// Keys of a split when all kv heads together are cut into <paramref name="items"/> items, at least one for each kv head.
    /// </summary>
    private int KeysOf(int items, int kvHeads)
    {
        int splits = (items - 1) / kvHeads + 1;
        return (visible.Length - 1) / splits + 1;
    }
}
