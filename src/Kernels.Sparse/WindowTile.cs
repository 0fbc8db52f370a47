using Kernels.Abstractions;
using Kernels.Simd.Vectors;

namespace Kernels.Sparse;

/// <summary>One tile of <see cref="SlidingWindow"/>, for one vector width.</summary>
internal static unsafe class WindowTile<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    // The weights and values of a block stay in cache while the queries of a tile pass over them.
    private const int KeysPerBlock = 256;

    public static long ScratchLength(AttentionProblem problem)
    {
        long lanes = Lanes(Math.Min(SlidingWindow.Tile, problem.Queries)), keys = MostKeys(problem);
        return lanes * problem.HeadDim + lanes * keys + lanes
            + lanes * ValueMatrix<TSimd, TVector>.PaddedChannels(problem.HeadDim)
            + ValueMatrix<TSimd, TVector>.TailLength(keys, problem.HeadDim);
    }

    public static void Compute(
        AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> output,
        int begin, int end, Span<float> scratch)
    {
        int d = problem.HeadDim, lanes = Lanes(end - begin);
        KeyRange visited = problem.KeysSeenByAny(begin, end);
        if (visited.IsEmpty)
        {
            output[(begin * d)..(end * d)].Clear();
            return;
        }
        fixed (float* qHead = q, kHead = k, vHead = v, packed = scratch)
        {
            float* scores = packed + (nint)lanes * d;
            float* sums = scores + (nint)lanes * visited.Length;
            var sumOfValues = new MatrixView(sums + lanes, ValueMatrix<TSimd, TVector>.PaddedChannels(d));
            float* tail = sumOfValues.From(lanes, 0).Start;

            QueryLanes.Pack<TSimd, TVector>(qHead + (nint)begin * d, end - begin, d, problem.Scale, packed, lanes);
            for (int strip = begin; strip < end; strip += SlidingWindow.Strip)
            {
                int lane = strip - begin, stripEnd = Math.Min(end, strip + SlidingWindow.Strip);
                Weights(problem, strip, stripEnd, visited, kHead, packed + lane, scores + lane, lanes, sums + lane);
            }
            var values = new ValueMatrix<TSimd, TVector>(vHead + (nint)visited.Begin * d, visited.Length, d, tail);
            MatrixView weights = new MatrixView(scores, lanes).Transposed;
            for (int query = begin; query < end; query += MatrixProduct.BlockRows)
            {
                int row = query - begin, blockEnd = Math.Min(end, query + MatrixProduct.BlockRows);
                KeyRange seen = problem.KeysSeenByAny(query, blockEnd);
                SumValues(
                    values, blockEnd - query, seen.Begin - visited.Begin, seen.Length, weights.From(row, 0), sumOfValues.From(row, 0));
            }
            for (int query = begin; query < end; query++)
            {
                int row = query - begin;
                // A query that sees nothing has no sum.
                if (problem.VisibleKeys(query).IsEmpty)
                    output.Slice(query * d, d).Clear();
                else
                    OutputRow.Write<TSimd, TVector>(sumOfValues.From(row, 0).Start, 1 / sums[row], output.Slice(query * d, d));
            }
        }
    }

    /// <summary>Weights of a strip of queries, zero for the keys that the tile visits and the strip does not see.</summary>
    private static void Weights(
        AttentionProblem problem, int begin, int end, KeyRange visited, float* k, float* packed, float* scores, int stride, float* sums)
    {
        int lanes = Lanes(end - begin), d = problem.HeadDim;
        KeyRange seen = problem.KeysSeenByAny(begin, end);
        if (seen.IsEmpty)
            seen = new(visited.End, visited.End);
        int before = seen.Begin - visited.Begin;
        Clear(scores, before, lanes, stride);
        Clear(scores + (nint)(seen.End - visited.Begin) * stride, visited.End - seen.End, lanes, stride);
        if (seen.IsEmpty)
            return;
        scores += (nint)before * stride;
        MatrixProduct.Multiply<TSimd, TVector>(
            seen.Length, d, lanes, new MatrixView(k + (nint)seen.Begin * d, d), new MatrixView(packed, stride),
            new MatrixView(scores, stride), add: false);
        QueryLanes.Hide(problem, begin, end, seen, scores, stride);
        ColumnSoftmax.Apply<TSimd, TVector>(seen.Length, lanes, scores, stride, ScoreScale.OfDifferences(problem.Scale), sums);
    }

    private static void SumValues(
        ValueMatrix<TSimd, TVector> values, int rows, int firstKey, int keys, MatrixView weights, MatrixView output)
    {
        for (int key = 0; key < keys; key += KeysPerBlock)
        {
            int block = Math.Min(KeysPerBlock, keys - key);
            values.Multiply(rows, firstKey + key, block, weights.From(0, firstKey + key), output, add: key > 0);
        }
    }

    private static void Clear(float* scores, int keys, int lanes, nint stride)
    {
        for (int key = 0; key < keys; key++)
            for (int lane = 0; lane < lanes; lane += TSimd.Width)
                TSimd.Store(default, scores + key * stride + lane);
    }

    private static int Lanes(int queries) => QueryLanes.Count<TSimd, TVector>(queries);

    /// <summary>The most keys that a tile can see.</summary>
    private static long MostKeys(AttentionProblem problem) =>
        problem.Mask is WindowMask window
            ? Math.Min(problem.Keys, (long)window.Left + window.Right + SlidingWindow.Tile)
            : problem.Keys;
}
