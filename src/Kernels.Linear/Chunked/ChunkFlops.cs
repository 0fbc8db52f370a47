using Kernels.Abstractions;

namespace Kernels.Linear;

/// <summary>Operations that the chunked form executes, counted over the chunks of <see cref="ChunkedHead{TSet}"/>.</summary>
internal static class ChunkFlops
{
    private const int Chunk = ChunkLayout.Chunk;

    /// <summary>
    /// Operations for as many features as channels: 2·d² for each key that the state of a kv head absorbs, 2·d² for each query that reads
    /// the state, and 4·d for each query and each loaded key that it sees. Not counted are pairs that a mask hides within a chunk (though
    /// they are multiplied), features, sums of weights, decays and divisions.
    /// </summary>
    public static double Of(AttentionProblem problem)
    {
        long absorbed = 0, pairs = 0;
        var loaded = new KeyRange(0, 0);
        for (int begin = 0; begin < problem.Queries; begin += Chunk)
        {
            var keys = new ChunkKeys(problem, begin, Chunk);
            while (keys.MustAbsorb(loaded))
            {
                if (loaded.IsEmpty)
                    loaded = keys.ToAbsorb(loaded.Begin);
                absorbed += loaded.Length;
                loaded = new(loaded.End, loaded.End);
            }
            if (loaded.End < keys.SeenByAny)
                loaded = new(loaded.Begin, keys.SeenByAny);
            for (int query = begin; query < keys.EndQuery; query++)
                pairs += Math.Max(0, problem.VisibleKeys(query).End - loaded.Begin);
        }
        double d = problem.HeadDim;
        return problem.Batch * (problem.KvHeads * absorbed * 2 * d * d + problem.Heads * (problem.Queries * 2 * d * d + pairs * 4 * d));
    }
}
