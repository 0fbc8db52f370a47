using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Linear;

/// <summary>
/// dQ of one kv head with all its query heads: the forward pass with dO in place of queries, values in place of keys and keys in place of values. Keys
/// that all queries of a chunk see are in a state; the last keys before the chunk's end take part pair by pair.
/// </summary>
internal static unsafe class QueryGradients<TSet>
    where TSet : struct, IInstructionSet
{
    private const int Chunk = ChunkLayout.Chunk;

    public static void Compute(GradientRule<TSet> rule, in AttentionCall call, GradientScratch<TSet> parts, int batch, int kvHead)
    {
        AttentionProblem problem = call.Problem;
        int group = problem.Heads / problem.KvHeads;
        float* k = call.K.At<float>(batch, kvHead), v = call.V.At<float>(batch, kvHead);
        new Span<float>(parts.ValueState, parts.ValueDim * parts.KeyStride).Clear();
        new Span<float>(parts.Vector, parts.KeyStride).Clear();
        rule.Begin(kvHead, parts);
        var loaded = new KeyRange(0, 0);
        for (int begin = 0; begin < problem.Queries; begin += Chunk)
        {
            var keys = new ChunkKeys(problem, begin, Chunk);
            while (keys.MustAbsorb(loaded))
            {
                if (loaded.IsEmpty)
                    loaded = Load(rule, parts, keys.ToAbsorb(loaded.Begin), k, v);
                rule.AbsorbKeys(parts, loaded.Length, v + (nint)loaded.Begin * parts.ValueDim);
                loaded = new(loaded.End, loaded.End);
            }
            if (loaded.End < keys.SeenByAny)
                loaded = Load(rule, parts, new(loaded.Begin, keys.SeenByAny), k, v);
            for (int head = kvHead * group; head < (kvHead + 1) * group; head++)
                ComputeChunk(rule, call, parts, batch, head, new(begin, keys.EndQuery), loaded);
        }
    }

    private static KeyRange Load(GradientRule<TSet> rule, GradientScratch<TSet> parts, KeyRange range, float* k, float* v)
    {
        rule.LoadKeys(parts, range.Length, k + (nint)range.Begin * parts.HeadDim);
        Transpose.Copy(v + (nint)range.Begin * parts.ValueDim, parts.ValueDim, range.Length, parts.ValueDim, parts.ValueLanes, Chunk);
        return range;
    }

    private static void ComputeChunk(
        GradientRule<TSet> rule, in AttentionCall call, GradientScratch<TSet> parts, int batch, int head, KeyRange queries, KeyRange loaded)
    {
        AttentionProblem problem = call.Problem;
        Span<int> seen = stackalloc int[Chunk];
        GradientRows rows = ChunkRows<TSet>.Of(rule, call, batch, head, queries, loaded.Begin, seen);
        var gradients = new MatrixView(parts.Gradients, parts.KeyStride);
        rule.LoadQueries(problem, parts, rows.Count, rows.Q);
        if (rule.Operation.TakesOutput)
            rule.SumRows(parts, rows, call.O.At<float>(batch, head, queries.Begin));
        PartialProduct<TSet>.Multiply(
            rows.Count, parts.ValueDim, parts.KeyStride, new MatrixView(rows.GradO, parts.ValueDim), new MatrixView(parts.ValueState, parts.KeyStride),
            gradients);
        rule.ReadKeyState(parts, rows);
        for (int block = 0; block < rows.Count; block += TSet.MatrixRows)
        {
            int count = Math.Min(rows.Count - block, TSet.MatrixRows), most = rows.Seen[block + count - 1];
            if (most == 0)
                continue;
            ChunkRows<TSet>.MultiplyPairs(rule, parts, rows, block, count, most);
            TSet.MultiplyMatrix(
                count, most, parts.KeyStride, new MatrixView(parts.Pairs, Chunk).From(block, 0), new MatrixView(parts.KeyFeatures, parts.KeyStride),
                gradients.From(block, 0), add: true);
        }
        // The first queries may see no key, neither in the state nor loaded: later ones see no fewer.
        int blind = 0;
        while (blind < rows.Count && loaded.Begin + rows.Seen[blind] == 0)
            blind++;
        float* gradQ = call[rule.Operation.GradQ].At<float>(batch, head, queries.Begin);
        new Span<float>(gradQ, blind * parts.HeadDim).Clear();
        if (blind < rows.Count)
            rule.WriteQueries(problem, parts, rows, blind, gradQ + blind * parts.HeadDim);
    }
}
