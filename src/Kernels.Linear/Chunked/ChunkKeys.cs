using Kernels.Abstractions;

namespace Kernels.Linear;

/// <summary>
/// Which keys a chunk of queries reads from the state, and which as loaded keys. Keys that all queries of the chunk see are cheaper in the
/// state, unless they are a single chunk. Keys that only some queries see must not be in the state; they are fewer than a chunk.
/// </summary>
internal readonly struct ChunkKeys
{
    private readonly int chunk, seenByAll, left;

    /// <param name="problem">Shapes and mask.</param>
    /// <param name="begin">First query of the chunk.</param>
    /// <param name="chunk">Tokens in a chunk.</param>
    public ChunkKeys(AttentionProblem problem, int begin, int chunk)
    {
        this.chunk = chunk;
        EndQuery = Math.Min(problem.Queries, begin + chunk);
        seenByAll = problem.VisibleKeys(begin).End;
        SeenByAny = problem.VisibleKeys(EndQuery - 1).End;
        left = seenByAll == SeenByAny && problem.Keys > chunk ? 0 : chunk;
    }

    /// <summary>End of the chunk's queries.</summary>
    public int EndQuery { get; }

    /// <summary>End of the keys that the last query of the chunk sees.</summary>
    public int SeenByAny { get; }

    /// <summary>
    /// Whether keys must be absorbed before the chunk is computed; <paramref name="loaded"/> begins where the state ends.
    /// </summary>
    public bool MustAbsorb(KeyRange loaded) => SeenByAny - loaded.Begin > left;

    /// <summary>The keys from <paramref name="begin"/> on that are absorbed together.</summary>
    public KeyRange ToAbsorb(int begin) => new(begin, Math.Min(begin + chunk, seenByAll));
}
