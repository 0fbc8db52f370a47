using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Kernels.Primitives.Tiles;

namespace Kernels.Primitives.InstructionSets;

/// <summary>
/// Register tile of 8 keys × up to 48 rows that computes the scores of one tile while it turns those of the tile before into weights.
/// An exponential alone is bound by latency; among the multiply-adds of a product, which occupy two units, its additions, comparisons
/// and conversions use the other units. Accumulators are named locals, because the JIT enregisters no array elements; the conditions are
/// constants to the JIT.
/// </summary>
/// <typeparam name="TSet">The strides of queries and scores.</typeparam>
/// <typeparam name="TColumns">Vectors of 16 rows, 1 … 3.</typeparam>
internal static unsafe class InterleavedTile<TSet, TColumns>
    where TSet : struct, IInstructionSet
    where TColumns : struct, ICount
{
    /// <summary>Keys of a tile.</summary>
    public const int Keys = 8;

    private const int Width = 16;

    /// <summary>Computes the scores of consecutive tiles, and the weights of the tile before each of them.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Compute(in InterleavedTiles tiles)
    {
        float* keys = tiles.Keys, scores = tiles.Scores, constants = tiles.Constants;
        for (int tile = tiles.Count; tile > 0; tile--)
        {
            Vector512<float> sum00 = default, sum01 = default, sum02 = default;
            Vector512<float> sum10 = default, sum11 = default, sum12 = default;
            Vector512<float> sum20 = default, sum21 = default, sum22 = default;
            Vector512<float> sum30 = default, sum31 = default, sum32 = default;
            Vector512<float> sum40 = default, sum41 = default, sum42 = default;
            Vector512<float> sum50 = default, sum51 = default, sum52 = default;
            Vector512<float> sum60 = default, sum61 = default, sum62 = default;
            Vector512<float> sum70 = default, sum71 = default, sum72 = default;
            float* key0 = keys;
            float* key1 = key0 + tiles.KeyStride;
            float* key2 = key1 + tiles.KeyStride;
            float* key3 = key2 + tiles.KeyStride;
            float* key4 = key3 + tiles.KeyStride;
            float* key5 = key4 + tiles.KeyStride;
            float* key6 = key5 + tiles.KeyStride;
            float* key7 = key6 + tiles.KeyStride;
            float* queries = tiles.Queries;
            int steps = tiles.Steps;
            Vector512<float> query0, query1 = default, query2 = default;
            for (int column = tiles.HasPrevious ? 0 : TColumns.Value; column < TColumns.Value; column++)
            {
                float* state = tiles.State + column * Width;
                float* previous = scores - Keys * TSet.ScoreStride + column * Width;
                Vector512<float> max = Vector512.Load(state + LazyWeights<TSet>.Max), sum = Vector512.Load(state + LazyWeights<TSet>.Sum);
                for (int key = 0; key < Keys; key++)
                {
                    if (steps > 1)
                    {
                        query0 = Load(queries, 0, ref query1, ref query2);
                        AddFour(
                            key0, key1, key2, key3, query0, query1, query2, ref sum00, ref sum01, ref sum02, ref sum10,
                            ref sum11, ref sum12, ref sum20, ref sum21, ref sum22, ref sum30, ref sum31, ref sum32);
                        AddFour(
                            key4, key5, key6, key7, query0, query1, query2, ref sum40, ref sum41, ref sum42, ref sum50,
                            ref sum51, ref sum52, ref sum60, ref sum61, ref sum62, ref sum70, ref sum71, ref sum72);
                        query0 = Load(queries, TSet.QueryRows, ref query1, ref query2);
                        AddFour(
                            key0 + 1, key1 + 1, key2 + 1, key3 + 1, query0, query1, query2, ref sum00, ref sum01, ref sum02, ref sum10,
                            ref sum11, ref sum12, ref sum20, ref sum21, ref sum22, ref sum30, ref sum31, ref sum32);
                        AddFour(
                            key4 + 1, key5 + 1, key6 + 1, key7 + 1, query0, query1, query2, ref sum40, ref sum41, ref sum42, ref sum50,
                            ref sum51, ref sum52, ref sum60, ref sum61, ref sum62, ref sum70, ref sum71, ref sum72);
                        key0 += 2;
                        key1 += 2;
                        key2 += 2;
                        key3 += 2;
                        key4 += 2;
                        key5 += 2;
                        key6 += 2;
                        key7 += 2;
                        queries += 2 * TSet.QueryRows;
                        steps -= 2;
                    }
                    Vector512<float> score = Vector512.Load(previous);
                    // For NaN the instruction returns its second operand, so the score comes first: NaN leaves the maximum, and makes its
                    // weight and row NaN.
                    max = Vector512.MaxNative(score, max);
                    Vector512<float> weight = LazyWeights<TSet>.Of(score, state, constants);
                    weight.Store(previous);
                    sum += weight;
                    previous += TSet.ScoreStride;
                }
                max.Store(state + LazyWeights<TSet>.Max);
                sum.Store(state + LazyWeights<TSet>.Sum);
            }
            for (; steps > 0; steps--)
            {
                query0 = Load(queries, 0, ref query1, ref query2);
                AddFour(
                    key0, key1, key2, key3, query0, query1, query2, ref sum00, ref sum01, ref sum02, ref sum10,
                    ref sum11, ref sum12, ref sum20, ref sum21, ref sum22, ref sum30, ref sum31, ref sum32);
                AddFour(
                    key4, key5, key6, key7, query0, query1, query2, ref sum40, ref sum41, ref sum42, ref sum50,
                    ref sum51, ref sum52, ref sum60, ref sum61, ref sum62, ref sum70, ref sum71, ref sum72);
                key0++;
                key1++;
                key2++;
                key3++;
                key4++;
                key5++;
                key6++;
                key7++;
                queries += TSet.QueryRows;
            }
            Store(scores, sum00, sum01, sum02);
            scores += TSet.ScoreStride;
            Store(scores, sum10, sum11, sum12);
            scores += TSet.ScoreStride;
            Store(scores, sum20, sum21, sum22);
            scores += TSet.ScoreStride;
            Store(scores, sum30, sum31, sum32);
            scores += TSet.ScoreStride;
            Store(scores, sum40, sum41, sum42);
            scores += TSet.ScoreStride;
            Store(scores, sum50, sum51, sum52);
            scores += TSet.ScoreStride;
            Store(scores, sum60, sum61, sum62);
            scores += TSet.ScoreStride;
            Store(scores, sum70, sum71, sum72);
            scores += TSet.ScoreStride;
            keys += Keys * tiles.KeyStride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Load(float* queries, int offset, ref Vector512<float> query1, ref Vector512<float> query2)
    {
        if (TColumns.Value > 1) query1 = Vector512.Load(queries + (offset + Width));
        if (TColumns.Value > 2) query2 = Vector512.Load(queries + (offset + 2 * Width));
        return Vector512.Load(queries + offset);
    }

    // Half a step: the JIT inlines no method with more than 32 parameters.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddFour(
        float* key0, float* key1, float* key2, float* key3, Vector512<float> query0, Vector512<float> query1, Vector512<float> query2,
        ref Vector512<float> sum00, ref Vector512<float> sum01, ref Vector512<float> sum02,
        ref Vector512<float> sum10, ref Vector512<float> sum11, ref Vector512<float> sum12,
        ref Vector512<float> sum20, ref Vector512<float> sum21, ref Vector512<float> sum22,
        ref Vector512<float> sum30, ref Vector512<float> sum31, ref Vector512<float> sum32)
    {
        Add(key0, query0, query1, query2, ref sum00, ref sum01, ref sum02);
        Add(key1, query0, query1, query2, ref sum10, ref sum11, ref sum12);
        Add(key2, query0, query1, query2, ref sum20, ref sum21, ref sum22);
        Add(key3, query0, query1, query2, ref sum30, ref sum31, ref sum32);
    }

    // The key is passed as a pointer, so that the JIT folds load and broadcast into one instruction.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(
        float* key, Vector512<float> query0, Vector512<float> query1, Vector512<float> query2,
        ref Vector512<float> sum0, ref Vector512<float> sum1, ref Vector512<float> sum2)
    {
        var value = Vector512.Create(*key);
        sum0 = Vector512.MultiplyAddEstimate(value, query0, sum0);
        if (TColumns.Value > 1) sum1 = Vector512.MultiplyAddEstimate(value, query1, sum1);
        if (TColumns.Value > 2) sum2 = Vector512.MultiplyAddEstimate(value, query2, sum2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* scores, Vector512<float> sum0, Vector512<float> sum1, Vector512<float> sum2)
    {
        sum0.Store(scores);
        if (TColumns.Value > 1) sum1.Store(scores + Width);
        if (TColumns.Value > 2) sum2.Store(scores + 2 * Width);
    }
}
