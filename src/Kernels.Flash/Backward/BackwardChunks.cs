using Kernels.Abstractions;

namespace Kernels.Flash.Backward;

/// <summary>
/// How the pairs of a kv head are shared among threads. Keys are cut into chunks and queries into as many parts; in round r, chunk c meets
/// part (r + c) mod count. So no two items of a round add to the same rows of a gradient, and every sum has an order that depends on the
/// problem alone: the result is the same for any number of threads, without partial gradients.
/// </summary>
internal readonly struct BackwardChunks
{
    // Items of a round that keep the threads of usual machines busy. More chunks would pack each key more often.
    private const int EnoughItems = 16;

    // Fewer tokens of a chunk would cost more for its begin and end than they gain.
    private const int FewestTokens = 512;

    private readonly int keys, queries, keysOfChunk, queriesOfPart;

    /// <param name="problem">Sizes.</param>
    /// <param name="blocks">Chunks are whole panels and parts whole tiles.</param>
    public BackwardChunks(AttentionProblem problem, BackwardBlocks blocks)
    {
        (keys, queries) = (problem.Keys, problem.Queries);
        int wanted = (EnoughItems - 1) / (problem.Batch * problem.KvHeads) + 1;
        Count = Math.Clamp(Math.Min(keys, queries) / FewestTokens, 1, wanted);
        keysOfChunk = Part(keys, Count, blocks.PanelKeys);
        queriesOfPart = Part(queries, Count, BackwardBlocks.Queries);
    }

    /// <summary>Chunks of keys, parts of queries, and rounds.</summary>
    public int Count { get; }

    /// <summary>The keys of a chunk; empty where whole panels suffice for fewer chunks.</summary>
    public KeyRange Keys(int chunk) => Range(chunk, keysOfChunk, keys);

    /// <summary>The queries that a chunk meets in a round.</summary>
    public KeyRange Queries(int round, int chunk) => Range((round + chunk) % Count, queriesOfPart, queries);

    private static KeyRange Range(int part, int length, int count) =>
        new((int)Math.Min(count, (long)part * length), (int)Math.Min(count, (part + 1L) * length));

    private static int Part(int count, int parts, int multiple) => ((count - 1) / parts / multiple + 1) * multiple;
}
