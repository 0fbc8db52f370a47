using Kernels.Abstractions;
using Kernels.Simd.Vectors;

namespace Kernels.Linear;

/// <summary>
/// One kv head with all its query heads, in chunks of tokens and as small matrix products: the keys that all queries of a chunk see are
/// absorbed in a state; the last ones before the chunk's end are handled within the chunk by masked quadratic attention, and absorbed
/// afterwards. Hua et al. 2022, FLASH, section 3.2.
/// </summary>
internal static unsafe class ChunkedHead<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private const int Chunk = ChunkScratch<TSimd, TVector>.Chunk;

    public static long ScratchLength(ChunkRule<TSimd, TVector> rule, AttentionProblem problem) =>
        ChunkScratch<TSimd, TVector>.Length(problem.HeadDim, rule.Features(problem)) + rule.ExtraLength(problem);

    public static void Compute(
        ChunkRule<TSimd, TVector> rule, AttentionProblem problem, in AttentionTensors tensors, int item, Span<float> scratch)
    {
        (int batch, int kvHead) = Math.DivRem(item, problem.KvHeads);
        int d = problem.HeadDim, group = problem.Heads / problem.KvHeads, firstHead = kvHead * group;
        fixed (float* k = tensors.K(batch, firstHead), v = tensors.V(batch, firstHead), start = scratch)
        {
            var parts = new ChunkScratch<TSimd, TVector>(start, d, rule.Features(problem));
            new Span<float>(parts.State, parts.Features * parts.ValueStride).Clear();
            new Span<float>(parts.FeatureSum, parts.FeatureStride).Clear();
            rule.Begin(problem, kvHead, parts);
            var loaded = new KeyRange(0, 0);
            ValueMatrix<TSimd, TVector> values = default;
            for (int begin = 0; begin < problem.Queries; begin += Chunk)
            {
                int end = Math.Min(problem.Queries, begin + Chunk);
                int seenByAll = problem.VisibleKeys(begin).End, seenByAny = problem.VisibleKeys(end - 1).End;
                // What all see is cheaper in the state, unless that is a single chunk. What only some see must not be in it, and never fills
                // a chunk.
                int left = seenByAll == seenByAny && problem.Keys > Chunk ? 0 : Chunk;
                while (seenByAny - loaded.Begin > left)
                {
                    if (loaded.IsEmpty)
                        loaded = Load(rule, problem, parts, loaded.Begin, Math.Min(loaded.Begin + Chunk, seenByAll), k, v, out values);
                    rule.Absorb(parts, loaded.Length, values);
                    loaded = new(loaded.End, loaded.End);
                }
                if (loaded.End < seenByAny)
                    loaded = Load(rule, problem, parts, loaded.Begin, seenByAny, k, v, out values);
                for (int head = firstHead; head < firstHead + group; head++)
                    ComputeChunk(rule, problem, parts, begin, end, loaded, values, v, tensors.Q(batch, head), tensors.Output(batch, head));
            }
        }
    }

    private static KeyRange Load(
        ChunkRule<TSimd, TVector> rule, AttentionProblem problem, ChunkScratch<TSimd, TVector> parts, int begin, int end, float* k, float* v,
        out ValueMatrix<TSimd, TVector> values)
    {
        int keys = end - begin;
        nint offset = (nint)begin * problem.HeadDim;
        rule.LoadKeys(problem, parts, keys, k + offset);
        Transpose.Copy(parts.KeyFeatures, parts.FeatureStride, keys, parts.Features, parts.KeyLanes, Chunk);
        values = rule.LoadValues(parts, keys, v + offset);
        return new(begin, end);
    }

    private static void ComputeChunk(
        ChunkRule<TSimd, TVector> rule, AttentionProblem problem, ChunkScratch<TSimd, TVector> parts, int begin, int end, KeyRange loaded,
        ValueMatrix<TSimd, TVector> values, float* v, ReadOnlySpan<float> q, Span<float> output)
    {
        int d = problem.HeadDim, queries = end - begin;
        fixed (float* qHead = q)
            rule.LoadQueries(problem, parts, queries, qHead + (nint)begin * d);
        var features = new MatrixView(parts.QueryFeatures, parts.FeatureStride);
        ChunkRule<TSimd, TVector>.MultiplyFeatures(
            queries, parts.Features, parts.ValueStride, features, new MatrixView(parts.State, parts.ValueStride),
            new MatrixView(parts.Sums, parts.ValueStride));
        for (int row = 0; row < queries; row++)
            rule.ReadState(parts, row, Seen(problem, begin + row, loaded));
        for (int block = begin; block < end; block += MatrixProduct.BlockRows)
            AddLoaded(rule, problem, parts, block, Math.Min(end, block + MatrixProduct.BlockRows), block - begin, loaded, values);
        for (int query = begin; query < end; query++)
        {
            Span<float> outputRow = output.Slice(query * d, d);
            if (problem.VisibleKeys(query).IsEmpty)
                outputRow.Clear();
            else
            {
                rule.Finish(
                    problem, parts, query - begin, Seen(problem, query, loaded), q.Slice(query * d, d), v + (nint)loaded.Begin * d, outputRow);
            }
        }
    }

    /// <summary>Adds to a block of rows what their queries see of the loaded keys: masked quadratic attention.</summary>
    private static void AddLoaded(
        ChunkRule<TSimd, TVector> rule, AttentionProblem problem, ChunkScratch<TSimd, TVector> parts, int begin, int end, int row,
        KeyRange loaded, ValueMatrix<TSimd, TVector> values)
    {
        int seen = Seen(problem, end - 1, loaded), lanes = QueryLanes.Count<TSimd, TVector>(seen);
        MatrixView weights = new MatrixView(parts.Weights, Chunk).From(row, 0);
        if (seen == 0)
            return;
        ChunkRule<TSimd, TVector>.MultiplyFeatures(
            end - begin, parts.Features, lanes, new MatrixView(parts.QueryFeatures, parts.FeatureStride).From(row, 0),
            new MatrixView(parts.KeyLanes, Chunk), weights);
        for (int query = begin; query < end; query++)
        {
            int visible = Seen(problem, query, loaded);
            rule.Weigh(parts, row + query - begin, visible);
            new Span<float>(weights.From(query - begin, visible).Start, lanes - visible).Clear();
        }
        values.Multiply(end - begin, 0, seen, weights, new MatrixView(parts.Sums, parts.ValueStride).From(row, 0), add: true);
    }

    private static int Seen(AttentionProblem problem, int query, KeyRange loaded) =>
        Math.Max(0, problem.VisibleKeys(query).End - loaded.Begin);
}
