using Kernels.Abstractions;

namespace Kernels.Linear;

/// <summary>What the chunked form executes, counted along the chunks as <see cref="ChunkedHead{TSet}"/> takes them.</summary>
internal static class ChunkFlops
{
    private const int Chunk = ChunkLayout.Chunk;

    /// <summary>
    /// Operations where the features of a token are as many as its channels: 2·d² for each key absorbed by the state of a kv head, 2·d² for
    /// each query that reads it, and 4·d for each query and loaded key that it sees. Pairs that a mask hides within a chunk are not counted,
    /// though they are multiplied, nor are features, sums of weights, decays and divisions.
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
