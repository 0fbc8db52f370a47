using Kernels.Abstractions;
using Kernels.Primitives.Decode;

namespace Kernels.Flash.Decode;

/// <summary>
/// How the keys that some row sees are cut into pieces of their own softmax. It depends on the problem alone: a cut that followed the number
/// of threads would make the last bits of the result follow it too.
/// </summary>
internal readonly struct KeySplits
{
    // Of long sequences; so many that uneven threads end together.
    private const int MostItems = 64;

    // Of short ones, where a split's beginning and its part of the combination cost as much as many keys do.
    private const int FewestItems = 8;

    // On a Zen 4, splits of 512 keys were faster in cache than those of 128, by a tenth on one thread and more on two; longer ones won little.
    private const int WantedKeys = 512, FewestKeys = DecodeLayout.Keys;

    private readonly KeyRange visible;
    private readonly int keysPerSplit;

    public KeySplits(AttentionProblem problem)
    {
        visible = problem.KeysSeenByAny(0, problem.Queries);
        int kvHeads = problem.Batch * problem.KvHeads;
        int most = KeysOf(MostItems, kvHeads), fewest = KeysOf(FewestItems, kvHeads);
        int keys = Math.Max(Math.Max(most, FewestKeys), Math.Min(fewest, WantedKeys));
        keysPerSplit = (keys + DecodeLayout.Keys - 1) / DecodeLayout.Keys * DecodeLayout.Keys;
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

    /// <summary>Keys of a split when all kv heads together are cut into so many items, or into one each if that is more.</summary>
    private int KeysOf(int items, int kvHeads)
    {
        int splits = (items - 1) / kvHeads + 1;
        return (visible.Length - 1) / splits + 1;
    }
}
