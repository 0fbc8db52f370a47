using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;
using Kernels.Primitives.Matrices;

namespace Kernels.Linear;

/// <summary>
/// dK and dV of one kv head, from the last chunk of keys to the first: queries that see all keys of a chunk are in a state, φ(Q)ᵀ·dO of all heads that
/// share the keys; those that see some of them take part pair by pair, and are absorbed afterwards. Katharopoulos et al. 2020, equations 14 and 15.
/// </summary>
internal static unsafe class KeyGradients<TSet>
    where TSet : struct, IInstructionSet
{
    private const int Chunk = ChunkLayout.Chunk;

    public static void Compute(GradientRule<TSet> rule, in AttentionCall call, GradientScratch<TSet> parts, int batch, int kvHead)
    {
        AttentionProblem problem = call.Problem;
        new Span<float>(parts.State, parts.HeadDim * parts.ValueStride).Clear();
        new Span<float>(parts.Vector, parts.KeyStride).Clear();
        rule.Begin(kvHead, parts);
        int absorbed = problem.Queries, seeing = problem.Queries;
        for (int end = problem.Keys, begin; end > 0; end = begin)
        {
            begin = (end - 1) / Chunk * Chunk;
            int all = absorbed;
            while (all > 0 && problem.VisibleKeys(all - 1).End >= end)
                all--;
            seeing = Math.Min(seeing, all);
            while (seeing > 0 && problem.VisibleKeys(seeing - 1).End > begin)
                seeing--;
            for (int first; absorbed > all; absorbed = first)
            {
                first = Math.Max(all, absorbed - Chunk);
                Absorb(rule, call, parts, batch, kvHead, new(first, absorbed), end);
            }
            ReadState(rule, call, parts, batch, kvHead, new(begin, end), isEmpty: absorbed == problem.Queries);
            AddSeeing(rule, call, parts, batch, kvHead, new(begin, end), new(seeing, all));
            Write(rule, call, parts, batch, kvHead, new(begin, end));
            rule.MoveQueryState(parts, end - begin);
        }
    }

    private static void Absorb(
        GradientRule<TSet> rule, in AttentionCall call, GradientScratch<TSet> parts, int batch, int kvHead, KeyRange queries, int end)
    {
        int group = call.Problem.Heads / call.Problem.KvHeads;
        Span<int> seen = stackalloc int[Chunk];
        for (int head = kvHead * group; head < (kvHead + 1) * group; head++)
        {
            GradientRows rows = ChunkRows<TSet>.Of(rule, call, batch, head, queries, end, seen);
            rule.LoadQueries(call.Problem, parts, rows.Count, rows.Q);
            rule.ScaleForState(parts, rows);
            new ValueMatrix<TSet>(rows.GradO, rows.Count, parts.ValueDim, parts.Tail).Multiply(
                parts.HeadDim, 0, rows.Count, new MatrixView(parts.QueryFeatures, parts.KeyStride).Transposed,
                new MatrixView(parts.State, parts.ValueStride), add: true);
        }
    }

    /// <summary>Loads the keys, and begins their gradients with what the state has.</summary>
    private static void ReadState(
        GradientRule<TSet> rule, in AttentionCall call, GradientScratch<TSet> parts, int batch, int kvHead, KeyRange keys, bool isEmpty)
    {
        int count = keys.Length;
        float* v = call.V.At<float>(batch, kvHead, keys.Begin);
        rule.LoadKeys(parts, count, call.K.At<float>(batch, kvHead, keys.Begin));
        if (isEmpty)
        {
            new Span<float>(parts.Gradients, count * parts.KeyStride).Clear();
            new Span<float>(parts.ValueGradients, count * parts.ValueStride).Clear();
            return;
        }
        Transpose.Copy(parts.State, parts.ValueStride, parts.HeadDim, parts.ValueDim, parts.ValueState, parts.KeyStride);
        PartialProduct<TSet>.Multiply(
            count, parts.ValueDim, parts.KeyStride, new MatrixView(v, parts.ValueDim), new MatrixView(parts.ValueState, parts.KeyStride),
            new MatrixView(parts.Gradients, parts.KeyStride));
        PartialProduct<TSet>.Multiply(
            count, parts.HeadDim, parts.ValueStride, new MatrixView(parts.KeyFeatures, parts.KeyStride), new MatrixView(parts.State, parts.ValueStride),
            new MatrixView(parts.ValueGradients, parts.ValueStride));
        rule.ReadQueryState(parts, count);
    }

    /// <summary>Adds the queries that see some of the keys but not all, pair by pair.</summary>
    private static void AddSeeing(
        GradientRule<TSet> rule, in AttentionCall call, GradientScratch<TSet> parts, int batch, int kvHead, KeyRange keys, KeyRange queries)
    {
        if (queries.IsEmpty)
            return;
        int group = call.Problem.Heads / call.Problem.KvHeads;
        Span<int> seen = stackalloc int[Chunk];
        Transpose.Copy(parts.KeyFeatures, parts.KeyStride, keys.Length, parts.HeadDim, parts.KeyLanes, Chunk);
        Transpose.Copy(call.V.At<float>(batch, kvHead, keys.Begin), parts.ValueDim, keys.Length, parts.ValueDim, parts.ValueLanes, Chunk);
        for (int head = kvHead * group; head < (kvHead + 1) * group; head++)
        {
            GradientRows rows = ChunkRows<TSet>.Of(rule, call, batch, head, queries, keys.Begin, seen);
            rule.LoadQueries(call.Problem, parts, rows.Count, rows.Q);
            rule.ScaleForPairs(parts, rows);
            for (int block = 0; block < rows.Count; block += TSet.MatrixRows)
            {
                int count = Math.Min(rows.Count - block, TSet.MatrixRows), most = rows.Seen[block + count - 1];
                ChunkRows<TSet>.MultiplyPairs(rule, parts, rows, block, count, most);
                ChunkRows<TSet>.MultiplyWeights(rule, parts, rows, block, count, most);
            }
            AddPairs(parts, rows, keys.Length);
        }
    }

    /// <summary>Gradients += Pairsᵀ·QueryFeatures and ValueGradients += Weightsᵀ·dO, for each block of keys over the queries that see its first.</summary>
    private static void AddPairs(GradientScratch<TSet> parts, in GradientRows rows, int keys)
    {
        var gradO = new ValueMatrix<TSet>(rows.GradO, rows.Count, parts.ValueDim, parts.Tail);
        MatrixView pairs = new(parts.Pairs, Chunk), weights = new(parts.Weights, Chunk);
        for (int key = 0, first = 0; key < keys; key += TSet.MatrixRows)
        {
            while (first < rows.Count && rows.Seen[first] <= key)
                first++;
            if (first == rows.Count)
                return;
            int count = Math.Min(keys - key, TSet.MatrixRows), depth = rows.Count - first;
            TSet.MultiplyMatrix(
                count, depth, parts.KeyStride, pairs.From(first, key).Transposed, new MatrixView(parts.QueryFeatures, parts.KeyStride).From(first, 0),
                new MatrixView(parts.Gradients, parts.KeyStride).From(key, 0), add: true);
            gradO.Multiply(
                count, first, depth, weights.From(first, key).Transposed, new MatrixView(parts.ValueGradients, parts.ValueStride).From(key, 0), add: true);
        }
    }

    private static void Write(GradientRule<TSet> rule, in AttentionCall call, GradientScratch<TSet> parts, int batch, int kvHead, KeyRange keys)
    {
        rule.WriteKeys(parts, keys.Length, call[rule.Operation.GradK].At<float>(batch, kvHead, keys.Begin));
        float* source = parts.ValueGradients, gradV = call[rule.Operation.GradV].At<float>(batch, kvHead, keys.Begin);
        for (int key = 0; key < keys.Length; key++, source += parts.ValueStride, gradV += parts.ValueDim)
            new ReadOnlySpan<float>(source, parts.ValueDim).CopyTo(new(gradV, parts.ValueDim));
    }
}
