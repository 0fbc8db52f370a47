using ILGPU;
using ILGPU.Algorithms;
using Kernels.Abstractions;
using Kernels.Gpu.Masks;

namespace Kernels.Gpu.Ilgpu;

/// <summary>
/// Attention in one kernel with an online softmax (FlashAttention, Dao et al. 2022, algorithm 1; one group visits all keys, as in Dao 2023,
/// section 3.1). A thread computes the scores of four queries and one key, then their sums of every 32nd channel; the sums are in shared
/// memory and updated once for each tile of keys, so that no thread needs a local array. Groups are <see cref="IlgpuTile"/>s.
/// </summary>
internal static class FlashAttention
{
    private const int Lanes = IlgpuTile.Lanes, Rows = IlgpuTile.Rows;

    /// <summary>
    /// q, output [heads of all sequences][queries][headDim]; k, v [kv heads of all sequences][keys][headDim]; visible [queries]: the keys
    /// that a query sees; tiles [tiles of queries]: the keys that a tile sees. Grid: tiles of queries, heads.
    /// </summary>
    public static void Forward(
        ArrayView<float> q, ArrayView<float> k, ArrayView<float> v, ArrayView<float> output,
        ArrayView<KeyRange> visible, ArrayView<TileRange> tiles, TensorShape shape)
    {
        int x = Group.IdxX, y = Group.IdxY, head = Grid.IdxY, headDim = shape.HeadDim;
        int firstRow = (Grid.IdxX * Group.DimY + y) * Rows;
        TileRange seen = tiles[Grid.IdxX];

        // [group of rows][channel][row], keys and values [key][channel] with a stride, [group of rows][key][row].
        int rowsLength = headDim * Rows, tileLength = Lanes * Rows, stride = headDim | 1;
        ArrayView<float> shared = SharedMemory.GetDynamic<float>();
        ArrayView<float> queries = shared.SubView(y * rowsLength, rowsLength);
        ArrayView<float> sums = shared.SubView((Group.DimY + y) * rowsLength, rowsLength);
        int used = 2 * Group.DimY * rowsLength;
        ArrayView<float> keys = shared.SubView(used, Lanes * stride);
        used += Lanes * stride;
        ArrayView<float> scores = shared.SubView(used + y * tileLength, tileLength);
        ArrayView<float> weights = shared.SubView(used + (Group.DimY + y) * tileLength, tileLength);

        for (int c = x; c < headDim; c += Lanes)
            for (int row = 0; row < Rows; row++)
            {
                queries[c * Rows + row] = firstRow + row < shape.Queries ? q[shape.Query(head, firstRow + row) + c] : 0;
                sums[c * Rows + row] = 0;
            }
        Rows4 sum = default;
        var max = new Rows4(float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity);

        for (int firstKey = seen.Any.Begin; firstKey < seen.Any.End; firstKey += Lanes)
        {
            Group.Barrier();
            Load(keys, k, head, firstKey, stride, shape);
            Group.Barrier();

            Rows4 score = default;
            for (int c = 0; c < headDim; c++)
                score += Rows4.Load(queries, c * Rows) * keys[x * stride + c];
            score *= shape.Scale;
            if (firstKey < seen.All.Begin || firstKey + Lanes > seen.All.End)
                score = Hide(score, visible, firstRow, firstKey + x, shape.Queries);
            score.Store(scores, x * Rows);
            Group.Barrier();

            Rows4 newMax = max;
            for (int key = 0; key < Lanes; key++)
                newMax = Max(newMax, Rows4.Load(scores, key * Rows));
            Rows4 rescale = Exp(max, newMax);
            Exp(score, newMax).Store(weights, x * Rows);
            max = newMax;
            Load(keys, v, head, firstKey, stride, shape);
            Group.Barrier();

            sum *= rescale;
            for (int key = 0; key < Lanes; key++)
                sum += Rows4.Load(weights, key * Rows);
            for (int c = x; c < headDim; c += Lanes)
            {
                Rows4 total = Rows4.Load(sums, c * Rows) * rescale;
                for (int key = 0; key < Lanes; key++)
                    total += Rows4.Load(weights, key * Rows) * keys[key * stride + c];
                total.Store(sums, c * Rows);
            }
        }

        for (int row = 0; row < Rows && firstRow + row < shape.Queries; row++)
        {
            bool sees = visible[firstRow + row].Begin < visible[firstRow + row].End;
            for (int c = x; c < headDim; c += Lanes)
                output[shape.Query(head, firstRow + row) + c] = sees ? sums[c * Rows + row] / sum[row] : 0;
        }
    }

    /// <summary>Copies a tile of k or v to shared memory, with zeros behind the last key.</summary>
    private static void Load(ArrayView<float> target, ArrayView<float> source, int head, int firstKey, int stride, TensorShape shape)
    {
        for (int key = Group.IdxY; key < Lanes; key += Group.DimY)
            for (int c = Group.IdxX; c < shape.HeadDim; c += Lanes)
                target[key * stride + c] = firstKey + key < shape.Keys ? source[shape.Key(head, firstKey + key) + c] : 0;
    }

    /// <summary>Sets hidden scores to −∞.</summary>
    private static Rows4 Hide(Rows4 score, ArrayView<KeyRange> visible, int firstRow, int key, int queries) => new(
        Hide(score.A, visible, firstRow, key, queries), Hide(score.B, visible, firstRow + 1, key, queries),
        Hide(score.C, visible, firstRow + 2, key, queries), Hide(score.D, visible, firstRow + 3, key, queries));

    private static float Hide(float score, ArrayView<KeyRange> visible, int row, int key, int queries) =>
        row < queries && key >= visible[row].Begin && key < visible[row].End ? score : float.NegativeInfinity;

    private static Rows4 Max(Rows4 x, Rows4 y) =>
        new(XMath.Max(x.A, y.A), XMath.Max(x.B, y.B), XMath.Max(x.C, y.C), XMath.Max(x.D, y.D));

    /// <summary>exp(score − max).</summary>
    private static Rows4 Exp(Rows4 score, Rows4 max) =>
        new(Exp(score.A, max.A), Exp(score.B, max.B), Exp(score.C, max.C), Exp(score.D, max.D));

    // Before the first visible key, −∞ − −∞ would be NaN.
    private static float Exp(float score, float max) => XMath.Exp(score - (max == float.NegativeInfinity ? 0 : max));
}
