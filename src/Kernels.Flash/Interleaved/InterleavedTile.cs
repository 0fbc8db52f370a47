using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Kernels.Primitives.Tiles;

namespace Kernels.Flash.Interleaved;

/// <summary>
/// Register tile of 8 keys × up to 48 rows that computes the scores of one tile while it turns those of the tile before into weights.
/// An exponential alone waits for its own results; between the multiply-adds of a product, which keep two units busy, its additions,
/// comparisons and conversions run on the others. Written out, because .NET keeps vectors in registers only as named locals; the
/// conditions are constants to the JIT.
/// </summary>
/// <typeparam name="TColumns">Vectors of 16 rows, 1 … 3.</typeparam>
internal static unsafe class InterleavedTile<TColumns>
    where TColumns : struct, IColumns
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
            for (int column = tiles.HasPrevious ? 0 : TColumns.Count; column < TColumns.Count; column++)
            {
                float* state = tiles.State + column * Width;
                float* previous = scores - Keys * FlashScratch.ScoreStride + column * Width;
                Vector512<float> max = Vector512.Load(state + LazyWeights.Max), sum = Vector512.Load(state + LazyWeights.Sum);
                for (int key = 0; key < Keys; key++)
                {
                    if (steps > 1)
                    {
                        Vector512<float> query0 = Vector512.Load(queries);
                        Vector512<float> query1 = TColumns.Count > 1 ? Vector512.Load(queries + Width) : default;
                        Vector512<float> query2 = TColumns.Count > 2 ? Vector512.Load(queries + 2 * Width) : default;
                        var value0 = Vector512.Create(*key0);
                        sum00 = Vector512.MultiplyAddEstimate(value0, query0, sum00);
                        if (TColumns.Count > 1) sum01 = Vector512.MultiplyAddEstimate(value0, query1, sum01);
                        if (TColumns.Count > 2) sum02 = Vector512.MultiplyAddEstimate(value0, query2, sum02);
                        var value1 = Vector512.Create(*key1);
                        sum10 = Vector512.MultiplyAddEstimate(value1, query0, sum10);
                        if (TColumns.Count > 1) sum11 = Vector512.MultiplyAddEstimate(value1, query1, sum11);
                        if (TColumns.Count > 2) sum12 = Vector512.MultiplyAddEstimate(value1, query2, sum12);
                        var value2 = Vector512.Create(*key2);
                        sum20 = Vector512.MultiplyAddEstimate(value2, query0, sum20);
                        if (TColumns.Count > 1) sum21 = Vector512.MultiplyAddEstimate(value2, query1, sum21);
                        if (TColumns.Count > 2) sum22 = Vector512.MultiplyAddEstimate(value2, query2, sum22);
                        var value3 = Vector512.Create(*key3);
                        sum30 = Vector512.MultiplyAddEstimate(value3, query0, sum30);
                        if (TColumns.Count > 1) sum31 = Vector512.MultiplyAddEstimate(value3, query1, sum31);
                        if (TColumns.Count > 2) sum32 = Vector512.MultiplyAddEstimate(value3, query2, sum32);
                        var value4 = Vector512.Create(*key4);
                        sum40 = Vector512.MultiplyAddEstimate(value4, query0, sum40);
                        if (TColumns.Count > 1) sum41 = Vector512.MultiplyAddEstimate(value4, query1, sum41);
                        if (TColumns.Count > 2) sum42 = Vector512.MultiplyAddEstimate(value4, query2, sum42);
                        var value5 = Vector512.Create(*key5);
                        sum50 = Vector512.MultiplyAddEstimate(value5, query0, sum50);
                        if (TColumns.Count > 1) sum51 = Vector512.MultiplyAddEstimate(value5, query1, sum51);
                        if (TColumns.Count > 2) sum52 = Vector512.MultiplyAddEstimate(value5, query2, sum52);
                        var value6 = Vector512.Create(*key6);
                        sum60 = Vector512.MultiplyAddEstimate(value6, query0, sum60);
                        if (TColumns.Count > 1) sum61 = Vector512.MultiplyAddEstimate(value6, query1, sum61);
                        if (TColumns.Count > 2) sum62 = Vector512.MultiplyAddEstimate(value6, query2, sum62);
                        var value7 = Vector512.Create(*key7);
                        sum70 = Vector512.MultiplyAddEstimate(value7, query0, sum70);
                        if (TColumns.Count > 1) sum71 = Vector512.MultiplyAddEstimate(value7, query1, sum71);
                        if (TColumns.Count > 2) sum72 = Vector512.MultiplyAddEstimate(value7, query2, sum72);
                        Vector512<float> query0Next = Vector512.Load(queries + QueryTile.MaxRows);
                        Vector512<float> query1Next = TColumns.Count > 1 ? Vector512.Load(queries + QueryTile.MaxRows + Width) : default;
                        Vector512<float> query2Next = TColumns.Count > 2 ? Vector512.Load(queries + QueryTile.MaxRows + 2 * Width) : default;
                        var value0Next = Vector512.Create(key0[1]);
                        sum00 = Vector512.MultiplyAddEstimate(value0Next, query0Next, sum00);
                        if (TColumns.Count > 1) sum01 = Vector512.MultiplyAddEstimate(value0Next, query1Next, sum01);
                        if (TColumns.Count > 2) sum02 = Vector512.MultiplyAddEstimate(value0Next, query2Next, sum02);
                        var value1Next = Vector512.Create(key1[1]);
                        sum10 = Vector512.MultiplyAddEstimate(value1Next, query0Next, sum10);
                        if (TColumns.Count > 1) sum11 = Vector512.MultiplyAddEstimate(value1Next, query1Next, sum11);
                        if (TColumns.Count > 2) sum12 = Vector512.MultiplyAddEstimate(value1Next, query2Next, sum12);
                        var value2Next = Vector512.Create(key2[1]);
                        sum20 = Vector512.MultiplyAddEstimate(value2Next, query0Next, sum20);
                        if (TColumns.Count > 1) sum21 = Vector512.MultiplyAddEstimate(value2Next, query1Next, sum21);
                        if (TColumns.Count > 2) sum22 = Vector512.MultiplyAddEstimate(value2Next, query2Next, sum22);
                        var value3Next = Vector512.Create(key3[1]);
                        sum30 = Vector512.MultiplyAddEstimate(value3Next, query0Next, sum30);
                        if (TColumns.Count > 1) sum31 = Vector512.MultiplyAddEstimate(value3Next, query1Next, sum31);
                        if (TColumns.Count > 2) sum32 = Vector512.MultiplyAddEstimate(value3Next, query2Next, sum32);
                        var value4Next = Vector512.Create(key4[1]);
                        sum40 = Vector512.MultiplyAddEstimate(value4Next, query0Next, sum40);
                        if (TColumns.Count > 1) sum41 = Vector512.MultiplyAddEstimate(value4Next, query1Next, sum41);
                        if (TColumns.Count > 2) sum42 = Vector512.MultiplyAddEstimate(value4Next, query2Next, sum42);
                        var value5Next = Vector512.Create(key5[1]);
                        sum50 = Vector512.MultiplyAddEstimate(value5Next, query0Next, sum50);
                        if (TColumns.Count > 1) sum51 = Vector512.MultiplyAddEstimate(value5Next, query1Next, sum51);
                        if (TColumns.Count > 2) sum52 = Vector512.MultiplyAddEstimate(value5Next, query2Next, sum52);
                        var value6Next = Vector512.Create(key6[1]);
                        sum60 = Vector512.MultiplyAddEstimate(value6Next, query0Next, sum60);
                        if (TColumns.Count > 1) sum61 = Vector512.MultiplyAddEstimate(value6Next, query1Next, sum61);
                        if (TColumns.Count > 2) sum62 = Vector512.MultiplyAddEstimate(value6Next, query2Next, sum62);
                        var value7Next = Vector512.Create(key7[1]);
                        sum70 = Vector512.MultiplyAddEstimate(value7Next, query0Next, sum70);
                        if (TColumns.Count > 1) sum71 = Vector512.MultiplyAddEstimate(value7Next, query1Next, sum71);
                        if (TColumns.Count > 2) sum72 = Vector512.MultiplyAddEstimate(value7Next, query2Next, sum72);
                        key0 += 2;
                        key1 += 2;
                        key2 += 2;
                        key3 += 2;
                        key4 += 2;
                        key5 += 2;
                        key6 += 2;
                        key7 += 2;
                        queries += 2 * QueryTile.MaxRows;
                        steps -= 2;
                    }
                    Vector512<float> score = Vector512.Load(previous);
                    // The score stands first so that a NaN never enters the maximum: it becomes a NaN weight and makes its row NaN.
                    max = Vector512.MaxNative(score, max);
                    Vector512<float> weight = LazyWeights.Of(score, state, constants);
                    weight.Store(previous);
                    sum += weight;
                    previous += FlashScratch.ScoreStride;
                }
                max.Store(state + LazyWeights.Max);
                sum.Store(state + LazyWeights.Sum);
            }
            for (; steps > 0; steps--)
            {
                Vector512<float> query0 = Vector512.Load(queries);
                Vector512<float> query1 = TColumns.Count > 1 ? Vector512.Load(queries + Width) : default;
                Vector512<float> query2 = TColumns.Count > 2 ? Vector512.Load(queries + 2 * Width) : default;
                var value0 = Vector512.Create(*key0);
                sum00 = Vector512.MultiplyAddEstimate(value0, query0, sum00);
                if (TColumns.Count > 1) sum01 = Vector512.MultiplyAddEstimate(value0, query1, sum01);
                if (TColumns.Count > 2) sum02 = Vector512.MultiplyAddEstimate(value0, query2, sum02);
                var value1 = Vector512.Create(*key1);
                sum10 = Vector512.MultiplyAddEstimate(value1, query0, sum10);
                if (TColumns.Count > 1) sum11 = Vector512.MultiplyAddEstimate(value1, query1, sum11);
                if (TColumns.Count > 2) sum12 = Vector512.MultiplyAddEstimate(value1, query2, sum12);
                var value2 = Vector512.Create(*key2);
                sum20 = Vector512.MultiplyAddEstimate(value2, query0, sum20);
                if (TColumns.Count > 1) sum21 = Vector512.MultiplyAddEstimate(value2, query1, sum21);
                if (TColumns.Count > 2) sum22 = Vector512.MultiplyAddEstimate(value2, query2, sum22);
                var value3 = Vector512.Create(*key3);
                sum30 = Vector512.MultiplyAddEstimate(value3, query0, sum30);
                if (TColumns.Count > 1) sum31 = Vector512.MultiplyAddEstimate(value3, query1, sum31);
                if (TColumns.Count > 2) sum32 = Vector512.MultiplyAddEstimate(value3, query2, sum32);
                var value4 = Vector512.Create(*key4);
                sum40 = Vector512.MultiplyAddEstimate(value4, query0, sum40);
                if (TColumns.Count > 1) sum41 = Vector512.MultiplyAddEstimate(value4, query1, sum41);
                if (TColumns.Count > 2) sum42 = Vector512.MultiplyAddEstimate(value4, query2, sum42);
                var value5 = Vector512.Create(*key5);
                sum50 = Vector512.MultiplyAddEstimate(value5, query0, sum50);
                if (TColumns.Count > 1) sum51 = Vector512.MultiplyAddEstimate(value5, query1, sum51);
                if (TColumns.Count > 2) sum52 = Vector512.MultiplyAddEstimate(value5, query2, sum52);
                var value6 = Vector512.Create(*key6);
                sum60 = Vector512.MultiplyAddEstimate(value6, query0, sum60);
                if (TColumns.Count > 1) sum61 = Vector512.MultiplyAddEstimate(value6, query1, sum61);
                if (TColumns.Count > 2) sum62 = Vector512.MultiplyAddEstimate(value6, query2, sum62);
                var value7 = Vector512.Create(*key7);
                sum70 = Vector512.MultiplyAddEstimate(value7, query0, sum70);
                if (TColumns.Count > 1) sum71 = Vector512.MultiplyAddEstimate(value7, query1, sum71);
                if (TColumns.Count > 2) sum72 = Vector512.MultiplyAddEstimate(value7, query2, sum72);
                key0++;
                key1++;
                key2++;
                key3++;
                key4++;
                key5++;
                key6++;
                key7++;
                queries += QueryTile.MaxRows;
            }
            sum00.Store(scores);
            if (TColumns.Count > 1) sum01.Store(scores + Width);
            if (TColumns.Count > 2) sum02.Store(scores + 2 * Width);
            scores += FlashScratch.ScoreStride;
            sum10.Store(scores);
            if (TColumns.Count > 1) sum11.Store(scores + Width);
            if (TColumns.Count > 2) sum12.Store(scores + 2 * Width);
            scores += FlashScratch.ScoreStride;
            sum20.Store(scores);
            if (TColumns.Count > 1) sum21.Store(scores + Width);
            if (TColumns.Count > 2) sum22.Store(scores + 2 * Width);
            scores += FlashScratch.ScoreStride;
            sum30.Store(scores);
            if (TColumns.Count > 1) sum31.Store(scores + Width);
            if (TColumns.Count > 2) sum32.Store(scores + 2 * Width);
            scores += FlashScratch.ScoreStride;
            sum40.Store(scores);
            if (TColumns.Count > 1) sum41.Store(scores + Width);
            if (TColumns.Count > 2) sum42.Store(scores + 2 * Width);
            scores += FlashScratch.ScoreStride;
            sum50.Store(scores);
            if (TColumns.Count > 1) sum51.Store(scores + Width);
            if (TColumns.Count > 2) sum52.Store(scores + 2 * Width);
            scores += FlashScratch.ScoreStride;
            sum60.Store(scores);
            if (TColumns.Count > 1) sum61.Store(scores + Width);
            if (TColumns.Count > 2) sum62.Store(scores + 2 * Width);
            scores += FlashScratch.ScoreStride;
            sum70.Store(scores);
            if (TColumns.Count > 1) sum71.Store(scores + Width);
            if (TColumns.Count > 2) sum72.Store(scores + 2 * Width);
            scores += FlashScratch.ScoreStride;
            keys += Keys * tiles.KeyStride;
        }
    }
}
