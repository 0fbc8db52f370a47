using Kernels.Abstractions;

namespace Kernels.Naive;

/// <summary>
/// One pass over the keys with a running maximum and sum; earlier sums are rescaled when the maximum grows. No score is stored, so no
/// scratch is needed. FlashAttention does the same with tiles.
/// </summary>
public sealed class ScalarOnlineSoftmax : HeadKernel
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new("naive-online-softmax", "running maximum and sum: one pass, no score stored", Operations.Softmax)
    {
        BuildsOn = "naive-triple-loop",
        Source = "Milakov and Gimelshein 2018, Online normalizer calculation for softmax, algorithm 3",
    };

    /// <inheritdoc/>
    protected override Takes Takes => Takes.ValueDim;

    /// <inheritdoc/>
    protected override void ComputeHead(
        AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v,
        Span<float> output, Span<float> scratch)
    {
        int d = problem.HeadDim, valueDim = problem.ValueDim;
        output.Clear();
        for (int query = 0; query < problem.Queries; query++)
        {
            KeyRange visible = problem.VisibleKeys(query);
            ReadOnlySpan<float> qRow = q.Slice(query * d, d);
            Span<float> outputRow = output.Slice(query * valueDim, valueDim);
            float max = float.NegativeInfinity, sum = 0;
            for (int key = visible.Begin; key < visible.End; key++)
            {
                float score = problem.Scale * Dot(qRow, k.Slice(key * d, d));
                float newMax = MathF.Max(max, score);
                // Avoids −∞ − −∞ = NaN; the sums are zero before the first finite score.
                float rescale = max == newMax ? 1 : MathF.Exp(max - newMax);
                float weight = MathF.Exp(score - newMax);
                max = newMax;
                sum = sum * rescale + weight;
                ReadOnlySpan<float> vRow = v.Slice(key * valueDim, valueDim);
                for (int c = 0; c < valueDim; c++)
                    outputRow[c] = outputRow[c] * rescale + weight * vRow[c];
            }
            if (!visible.IsEmpty)
                for (int c = 0; c < valueDim; c++)
                    outputRow[c] /= sum;
        }
    }

    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        float sum = 0;
        for (int c = 0; c < a.Length; c++)
            sum += a[c] * b[c];
        return sum;
    }
}
