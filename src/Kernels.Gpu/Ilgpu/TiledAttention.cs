using ILGPU;
using ILGPU.Algorithms;
using Kernels.Abstractions;

namespace Kernels.Gpu.Ilgpu;

/// <summary>
/// Attention in three kernels with the whole score matrix in device memory. The matrix products use textbook tiling: a group loads
/// slices of both operands to shared memory, and each thread sums one column of four queries. Groups are <see cref="IlgpuTile"/>s.
/// </summary>
internal static class TiledAttention
{
    private const int Lanes = IlgpuTile.Lanes, Rows = IlgpuTile.Rows;

    // Stride of a slice in shared memory: odd, so that its rows start in different banks.
    private const int Stride = Lanes | 1;

    /// <summary>scores [heads][queries][keys] = q·kᵀ·scale, hidden pairs included. Grid: tiles of keys, tiles of queries, heads.</summary>
    public static void Scores(ArrayView<float> q, ArrayView<float> k, ArrayView<float> scores, TensorShape shape)
    {
        int x = Group.IdxX, y = Group.IdxY, head = Grid.IdxZ;
        int firstRow = (Grid.IdxY * Group.DimY + y) * Rows, firstKey = Grid.IdxX * Lanes;
        ArrayView<float> shared = SharedMemory.GetDynamic<float>();
        ArrayView<float> queries = shared.SubView(y * Lanes * Rows, Lanes * Rows), keys = shared.SubView(Group.DimY * Lanes * Rows, Lanes * Stride);

        Rows4 score = default;
        for (int first = 0; first < shape.HeadDim; first += Lanes)
        {
            int c = first + x;
            for (int row = 0; row < Rows; row++)
                queries[x * Rows + row] =
                    firstRow + row < shape.Queries && c < shape.HeadDim ? q[shape.Query(head, firstRow + row) + c] : 0;
            for (int key = y; key < Lanes; key += Group.DimY)
                keys[key * Stride + x] = firstKey + key < shape.Keys && c < shape.HeadDim ? k[shape.Key(head, firstKey + key) + c] : 0;
            Group.Barrier();
            for (int i = 0; i < Lanes; i++)
                score += Rows4.Load(queries, i * Rows) * keys[x * Stride + i];
            Group.Barrier();
        }
        for (int row = 0; row < Rows; row++)
            if (firstRow + row < shape.Queries && firstKey + x < shape.Keys)
                scores[shape.Scores(head, firstRow + row) + firstKey + x] = score[row] * shape.Scale;
    }

    /// <summary>
    /// Softmax of a query in each row of a group's threads, in place; hidden keys get the weight 0. visible [queries]: the keys that a
    /// query sees. Grid: tiles of queries, heads; a tile has as many queries as the group has rows of threads.
    /// </summary>
    public static void Softmax(ArrayView<float> scores, ArrayView<KeyRange> visible, TensorShape shape)
    {
        int x = Group.IdxX, y = Group.IdxY, query = Grid.IdxX * Group.DimY + y;
        ArrayView<float> partial = SharedMemory.GetDynamic<float>().SubView(y * Lanes, Lanes);
        bool exists = query < shape.Queries;
        int begin = exists ? visible[query].Begin : 0, end = exists ? visible[query].End : 0;
        long row = shape.Scores(Grid.IdxY, query);

        float max = float.NegativeInfinity;
        for (int key = begin + x; key < end; key += Lanes)
            max = XMath.Max(max, scores[row + key]);
        partial[x] = max;
        Group.Barrier();
        for (int lane = 0; lane < Lanes; lane++)
            max = XMath.Max(max, partial[lane]);
        Group.Barrier();

        float sum = 0;
        for (int key = begin + x; key < end; key += Lanes)
        {
            float weight = XMath.Exp(scores[row + key] - max);
            scores[row + key] = weight;
            sum += weight;
        }
        partial[x] = sum;
        Group.Barrier();
        sum = 0;
        for (int lane = 0; lane < Lanes; lane++)
            sum += partial[lane];

        // Each thread divides the weights that it wrote itself, so that no fence is needed.
        for (int key = begin + x; key < end; key += Lanes)
            scores[row + key] /= sum;
        if (!exists)
            return;
        for (int key = x; key < begin; key += Lanes)
            scores[row + key] = 0;
        for (int key = end + x; key < shape.Keys; key += Lanes)
            scores[row + key] = 0;
    }

    /// <summary>output [heads][queries][headDim] = weights·v. Grid: tiles of channels, tiles of queries, heads.</summary>
    public static void Product(ArrayView<float> weights, ArrayView<float> v, ArrayView<float> output, TensorShape shape)
    {
        int x = Group.IdxX, y = Group.IdxY, head = Grid.IdxZ;
        int firstRow = (Grid.IdxY * Group.DimY + y) * Rows, c = Grid.IdxX * Lanes + x;
        ArrayView<float> shared = SharedMemory.GetDynamic<float>();
        ArrayView<float> rows = shared.SubView(y * Lanes * Rows, Lanes * Rows), values = shared.SubView(Group.DimY * Lanes * Rows, Lanes * Stride);

        Rows4 sum = default;
        for (int first = 0; first < shape.Keys; first += Lanes)
        {
            for (int row = 0; row < Rows; row++)
                rows[x * Rows + row] =
                    firstRow + row < shape.Queries && first + x < shape.Keys ? weights[shape.Scores(head, firstRow + row) + first + x] : 0;
            for (int key = y; key < Lanes; key += Group.DimY)
                values[key * Stride + x] = first + key < shape.Keys && c < shape.HeadDim ? v[shape.Key(head, first + key) + c] : 0;
            Group.Barrier();
            for (int key = 0; key < Lanes; key++)
                sum += Rows4.Load(rows, key * Rows) * values[key * Stride + x];
            Group.Barrier();
        }
        for (int row = 0; row < Rows; row++)
            if (firstRow + row < shape.Queries && c < shape.HeadDim)
                output[shape.Query(head, firstRow + row) + c] = sum[row];
    }
}
