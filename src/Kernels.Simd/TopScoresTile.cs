using System.Numerics.Tensors;
using Kernels.Abstractions;
using Kernels.Primitives;

namespace Kernels.Simd;

/// <summary>One tile of queries of <see cref="TopScores"/>, for one vector width.</summary>
internal static unsafe class TopScoresTile<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Queries in a tile: whole vectors at every width.</summary>
    public const int Tile = 48;

    // Half of the distance from 1 to the next float32.
    private const float UnitRoundoff = 1f / (1 << 24);

    public static long ScratchLength(AttentionProblem problem) => Tile * ((long)problem.HeadDim + 2L * problem.Keys);

    public static void Compute(
        AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> output,
        int begin, int end, Span<float> scratch)
    {
        int d = problem.HeadDim, queries = end - begin, lanes = QueryLanes.Count<TSimd, TVector>(queries);
        KeyRange visited = problem.KeysSeenByAny(begin, end);
        if (visited.IsEmpty)
        {
            output[(begin * d)..(end * d)].Clear();
            return;
        }
        fixed (float* qHead = q, kHead = k, packed = scratch)
        {
            float* columns = packed + (nint)Tile * d, rows = columns + (nint)Tile * problem.Keys;
            QueryLanes.Pack<TSimd, TVector>(qHead + (nint)begin * d, queries, d, problem.Scale, packed, lanes);
            MatrixProduct.Multiply<TSimd, TVector>(
                visited.Length, d, lanes, new MatrixView(kHead + (nint)visited.Begin * d, d), new MatrixView(packed, lanes),
                new MatrixView(columns, lanes), add: false);
            Transpose.Copy(columns, lanes, visited.Length, lanes, rows, visited.Length);
            float longest = LongestKey(k, visited, d);
            for (int query = begin; query < end; query++)
            {
                KeyRange visible = problem.VisibleKeys(query);
                ReadOnlySpan<float> qRow = q.Slice(query * d, d);
                // |computed − exact| of a sum of d products, Higham 2002, Accuracy and Stability of Numerical Algorithms, equation 3.5.
                float rounding = 1.01f * d * UnitRoundoff * TensorPrimitives.Norm(qRow) * longest;
                var scores = new ReadOnlySpan<float>(rows + (nint)(query - begin) * visited.Length + (visible.Begin - visited.Begin), visible.Length);
                WriteRow(problem, visible.Begin, qRow, k, v, scores, rounding, output.Slice(query * d, d));
            }
        }
    }

    private static float LongestKey(ReadOnlySpan<float> k, KeyRange visited, int d)
    {
        float longest = 0;
        for (int key = visited.Begin; key < visited.End; key++)
            longest = MathF.Max(longest, TensorPrimitives.Norm(k.Slice(key * d, d)));
        return longest;
    }

    /// <summary>Softmax over the best of the scores, which are those of the keys from <paramref name="firstKey"/> on.</summary>
    private static void WriteRow(
        AttentionProblem problem, int firstKey, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v,
        ReadOnlySpan<float> scores, float rounding, Span<float> output)
    {
        output.Clear();
        if (scores.IsEmpty)
            return;
        Span<int> kept = stackalloc int[Definition.TopK.Count];
        kept = kept[..Math.Min(kept.Length, scores.Length)];
        if (!float.IsFinite(rounding) || !BestScores.Choose(q, k[(firstKey * q.Length)..], MathF.Sign(problem.Scale), scores, rounding, kept))
        {
            output.Fill(float.NaN);
            return;
        }
        float max = float.NegativeInfinity, sum = 0;
        foreach (int key in kept)
            max = MathF.Max(max, scores[key]);
        foreach (int key in kept)
        {
            float weight = MathF.Exp((scores[key] - max) * MathF.Abs(problem.Scale));
            sum += weight;
            TensorPrimitives.MultiplyAdd(v.Slice((firstKey + key) * q.Length, q.Length), weight, output, output);
        }
        TensorPrimitives.Divide(output, sum, output);
    }
}
