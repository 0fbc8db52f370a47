using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;
using Kernels.Primitives.Matrices;

namespace Kernels.Linear;

/// <summary>
/// One kv head with all its query heads, in chunks of tokens as small matrix products: keys that all queries of a chunk see are absorbed in
/// a state; the last keys before the chunk's end take part by masked quadratic attention, and are absorbed afterwards. Hua et al. 2022,
/// FLASH, section 3.2.
/// </summary>
internal static unsafe class ChunkedHead<TSet>
    where TSet : struct, IInstructionSet
{
    private const int Chunk = ChunkLayout.Chunk;

    public static long ScratchLength(ChunkRule<TSet> rule, AttentionProblem problem) =>
        ChunkScratch<TSet>.Length(problem.HeadDim, rule.Features(problem)) + rule.ExtraLength(problem);

    public static void Compute(ChunkRule<TSet> rule, in AttentionCall call, int item)
    {
        AttentionProblem problem = call.Problem;
        (int batch, int kvHead) = Math.DivRem(item, problem.KvHeads);
        int group = problem.Heads / problem.KvHeads, firstHead = kvHead * group;
        float* k = call.K.At<float>(batch, kvHead), v = call.V.At<float>(batch, kvHead);
        var parts = new ChunkScratch<TSet>((float*)call.Own, problem.HeadDim, rule.Features(problem));
        new Span<float>(parts.State, parts.Features * parts.ValueStride).Clear();
        new Span<float>(parts.FeatureSum, parts.FeatureStride).Clear();
        rule.Begin(problem, kvHead, parts);
        var loaded = new KeyRange(0, 0);
        ValueMatrix<TSet> values = default;
        for (int begin = 0; begin < problem.Queries; begin += Chunk)
        {
            var keys = new ChunkKeys(problem, begin, Chunk);
            while (keys.MustAbsorb(loaded))
            {
                if (loaded.IsEmpty)
                    loaded = Load(rule, problem, parts, keys.ToAbsorb(loaded.Begin), k, v, out values);
                rule.Absorb(parts, loaded.Length, values);
                loaded = new(loaded.End, loaded.End);
            }
            if (loaded.End < keys.SeenByAny)
                loaded = Load(rule, problem, parts, new(loaded.Begin, keys.SeenByAny), k, v, out values);
            for (int head = firstHead; head < firstHead + group; head++)
                ComputeChunk(
                    rule, problem, parts, begin, keys.EndQuery, loaded, values, v, call.Q.At<float>(batch, head, begin), call.O.At<float>(batch, head, begin));
        }
    }

    private static KeyRange Load(
        ChunkRule<TSet> rule, AttentionProblem problem, ChunkScratch<TSet> parts, KeyRange range, float* k, float* v,
        out ValueMatrix<TSet> values)
    {
        int keys = range.Length;
        nint offset = (nint)range.Begin * problem.HeadDim;
        rule.LoadKeys(problem, parts, keys, k + offset);
        Transpose.Copy(parts.KeyFeatures, parts.FeatureStride, keys, parts.Features, parts.KeyLanes, Chunk);
        values = rule.LoadValues(parts, keys, v + offset);
        nint ahead = (nint)Math.Min(Chunk, problem.Keys - range.End) * problem.HeadDim, next = (nint)range.End * problem.HeadDim;
        Prefetch.Floats(k + next, ahead);
        Prefetch.Floats(v + next, ahead);
        return range;
    }

    private static void ComputeChunk(
        ChunkRule<TSet> rule, AttentionProblem problem, ChunkScratch<TSet> parts, int begin, int end, KeyRange loaded,
        ValueMatrix<TSet> values, float* v, float* q, float* output)
    {
        int d = problem.HeadDim, queries = end - begin;
        Span<int> seen = stackalloc int[Chunk];
        seen = seen[..queries];
        for (int row = 0; row < queries; row++)
            seen[row] = Math.Max(0, problem.VisibleKeys(begin + row).End - loaded.Begin);
        nint ahead = (nint)Math.Min(Chunk, problem.Queries - end) * d;
        rule.LoadQueries(problem, parts, queries, q);
        Prefetch.Floats(q + queries * d, ahead);
        Prefetch.Floats(output + queries * d, ahead);
        var features = new MatrixView(parts.QueryFeatures, parts.FeatureStride);
        PartialProduct<TSet>.Multiply(
            queries, parts.Features, parts.ValueStride, features, new MatrixView(parts.State, parts.ValueStride),
            new MatrixView(parts.Sums, parts.ValueStride));
        rule.ReadState(parts, seen);
        for (int block = 0; block < queries; block += TSet.MatrixRows)
            AddLoaded(rule, parts, block, seen.Slice(block, Math.Min(queries - block, TSet.MatrixRows)), values);
        // The first queries may see no key, neither in the state nor loaded: later ones see no fewer.
        int blind = 0;
        while (blind < queries && loaded.Begin + seen[blind] == 0)
            blind++;
        new Span<float>(output, blind * d).Clear();
        if (blind < queries)
            rule.Finish(problem, parts, blind, seen[blind..], q + blind * d, v + (nint)loaded.Begin * d, output + blind * d);
    }

    /// <summary>Adds the loaded keys that the queries of a block of rows see, by masked quadratic attention.</summary>
    private static void AddLoaded(
        ChunkRule<TSet> rule, ChunkScratch<TSet> parts, int row, ReadOnlySpan<int> seen, ValueMatrix<TSet> values)
    {
        int rows = seen.Length, most = seen[^1], lanes = InstructionSet.WholeVectors<TSet>(most);
        if (most == 0)
            return;
        MatrixView weights = new MatrixView(parts.Weights, Chunk).From(row, 0);
        PartialProduct<TSet>.Multiply(
            rows, parts.Features, lanes, new MatrixView(parts.QueryFeatures, parts.FeatureStride).From(row, 0),
            new MatrixView(parts.KeyLanes, Chunk), weights);
        rule.Weigh(parts, row, seen);
        for (int i = 0; i < rows; i++)
            new Span<float>(weights.From(i, seen[i]).Start, lanes - seen[i]).Clear();
        values.Multiply(rows, 0, most, weights, new MatrixView(parts.Sums, parts.ValueStride).From(row, 0), add: true);
    }
}
