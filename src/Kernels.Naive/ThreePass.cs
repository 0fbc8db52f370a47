using Kernels.Abstractions;

namespace Kernels.Naive;

/// <summary>
/// Three passes over the whole score matrix, as frameworks run attention that is not fused: S = QKᵀ·scale, P = softmax(S), O = PV.
/// Needs queries × keys floats of scratch. Keys are the outer loop of PV, so its sums run in another order than the triple loop's.
/// </summary>
public sealed class ThreePass : HeadKernel
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new("naive-three-pass", "the whole score matrix in memory, as unfused frameworks do", Operations.Softmax)
    {
        BuildsOn = "naive-triple-loop",
    };

    /// <inheritdoc/>
    protected override Takes Takes => Takes.ValueDim;

    /// <inheritdoc/>
    protected override long ScratchLength(AttentionProblem problem) => (long)problem.Queries * problem.Keys;

    /// <inheritdoc/>
    protected override void ComputeHead(
        AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v,
        Span<float> output, Span<float> scratch)
    {
        Scores(problem, q, k, scratch);
        for (int query = 0; query < problem.Queries; query++)
        {
            KeyRange visible = problem.VisibleKeys(query);
            Softmax(scratch.Slice(query * problem.Keys + visible.Begin, visible.Length));
        }
        Output(problem, scratch, v, output);
    }

    private static void Scores(AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, Span<float> scores)
    {
        int d = problem.HeadDim;
        for (int query = 0; query < problem.Queries; query++)
        {
            KeyRange visible = problem.VisibleKeys(query);
            ReadOnlySpan<float> qRow = q.Slice(query * d, d);
            for (int key = visible.Begin; key < visible.End; key++)
            {
                ReadOnlySpan<float> kRow = k.Slice(key * d, d);
                float score = 0;
                for (int c = 0; c < d; c++)
                    score += qRow[c] * kRow[c];
                scores[query * problem.Keys + key] = score * problem.Scale;
            }
        }
    }

    private static void Softmax(Span<float> row)
    {
        float max = float.NegativeInfinity;
        foreach (float score in row)
            max = MathF.Max(max, score);
        float sum = 0;
        for (int i = 0; i < row.Length; i++)
        {
            row[i] = MathF.Exp(row[i] - max);
            sum += row[i];
        }
        for (int i = 0; i < row.Length; i++)
            row[i] /= sum;
    }

    private static void Output(AttentionProblem problem, ReadOnlySpan<float> weights, ReadOnlySpan<float> v, Span<float> output)
    {
        int d = problem.ValueDim;
        output.Clear();
        for (int query = 0; query < problem.Queries; query++)
        {
            KeyRange visible = problem.VisibleKeys(query);
            Span<float> outputRow = output.Slice(query * d, d);
            for (int key = visible.Begin; key < visible.End; key++)
            {
                float weight = weights[query * problem.Keys + key];
                ReadOnlySpan<float> vRow = v.Slice(key * d, d);
                for (int c = 0; c < d; c++)
                    outputRow[c] += weight * vRow[c];
            }
        }
    }
}
