using System.Numerics.Tensors;
using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;
using Kernels.Primitives.Matrices;

namespace Kernels.Simd;

/// <summary>
/// Exact top-k attention: all scores as a matrix product in float32, the largest of each query by a heap. Where rounding could change the
/// choice, the scores are computed again in float64.
/// </summary>
/// <typeparam name="TSet">The instruction set.</typeparam>
/// <param name="operation">How many keys a query keeps.</param>
public sealed unsafe class TopScores<TSet>(TopKAttention operation) : QueryTileKernel
    where TSet : struct, IInstructionSet
{
    // Whole vectors at every width.
    private const int Tile = 48;

    // Half of the distance from 1 to the next float32.
    private const float UnitRoundoff = 1f / (1 << 24);

    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        $"simd-{operation.Name}",
        $"only the {operation.Count} keys with the largest scores of each query; close scores are compared in float64", operation)
    {
        BuildsOn = "simd-avx512",
        Source = "Gupta et al. 2021, Memory-efficient Transformers via Top-k Attention",
    };

    /// <inheritdoc/>
    public override string? Unavailable => InstructionSet.WhyNot<TSet>();

    /// <inheritdoc/>
    protected override long ScratchLength(AttentionProblem problem) => Tile * ((long)problem.HeadDim + 2L * problem.Keys);

    /// <inheritdoc/>
    protected override int TileQueries(AttentionProblem problem) => Tile;

    /// <inheritdoc/>
    protected override void ComputeTile(
        AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> output,
        int begin, int end, Span<float> scratch)
    {
        int d = problem.HeadDim, queries = end - begin, lanes = InstructionSet.WholeVectors<TSet>(queries);
        KeyRange visited = problem.KeysSeenByAny(begin, end);
        if (visited.IsEmpty)
        {
            output[(begin * d)..(end * d)].Clear();
            return;
        }
        fixed (float* qHead = q, kHead = k, packed = scratch)
        {
            float* columns = packed + (nint)Tile * d, rows = columns + (nint)Tile * problem.Keys;
            QueryLanes<TSet>.Pack(qHead + (nint)begin * d, queries, d, problem.Scale, packed, lanes);
            TSet.MultiplyMatrix(
                visited.Length, d, lanes, new MatrixView(kHead + (nint)visited.Begin * d, d), new MatrixView(packed, lanes),
                new MatrixView(columns, lanes), add: false);
            Transpose.Copy(columns, lanes, visited.Length, lanes, rows, visited.Length);
            float longest = LongestKey(k, visited, d);
            for (int query = begin; query < end; query++)
            {
                KeyRange visible = problem.VisibleKeys(query);
                ReadOnlySpan<float> qRow = q.Slice(query * d, d);
                // |computed − exact| of a sum of d products, Higham 2002, Accuracy and Stability of Numerical Algorithms, equation 3.5.
                float rounding = 1.01f * d * UnitRoundoff * Norm(qRow) * longest;
                var scores = new ReadOnlySpan<float>(rows + (nint)(query - begin) * visited.Length + (visible.Begin - visited.Begin), visible.Length);
                WriteRow(problem, visible.Begin, qRow, k, v, scores, rounding, output.Slice(query * d, d));
            }
        }
    }

    private static float LongestKey(ReadOnlySpan<float> k, KeyRange visited, int d)
    {
        float longest = 0;
        for (int key = visited.Begin; key < visited.End; key++)
            longest = MathF.Max(longest, Norm(k.Slice(key * d, d)));
        return longest;
    }

    // Squares of numbers beyond 10^±19 leave the range of float32, though the norm does not.
    private static float Norm(ReadOnlySpan<float> row)
    {
        float norm = TensorPrimitives.Norm(row);
        if (norm is > 1e-15f and < float.PositiveInfinity)
            return norm;
        double squares = 0;
        foreach (float number in row)
            squares += (double)number * number;
        return (float)Math.Sqrt(squares);
    }

    /// <summary>Softmax over the largest of the scores; the first score is that of <paramref name="firstKey"/>.</summary>
    private void WriteRow(
        AttentionProblem problem, int firstKey, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v,
        ReadOnlySpan<float> scores, float rounding, Span<float> output)
    {
        output.Clear();
        if (scores.IsEmpty)
            return;
        Span<int> kept = stackalloc int[operation.Count];
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
