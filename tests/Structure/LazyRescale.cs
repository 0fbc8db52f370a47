using Kernels.Abstractions;

namespace Kernels.Tests.Structure;

/// <summary>
/// Online softmax that rescales only when the maximum grows. Among n random scores that happens about ln n times, so nearly every key
/// costs one multiply-add a channel instead of a multiplication more.
/// </summary>
public sealed class LazyRescale : HeadKernel
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new("naive-lazy-rescale", "rescale only when the maximum grows", Operations.Softmax)
    {
        BuildsOn = "naive-online-softmax",
    };

    /// <inheritdoc/>
    protected override void ComputeHead(
        AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v,
        Span<float> output, Span<float> scratch)
    {
        int d = problem.HeadDim;
        output.Clear();
        for (int query = 0; query < problem.Queries; query++)
        {
            ReadOnlySpan<float> qRow = q.Slice(query * d, d);
            Span<float> outputRow = output.Slice(query * d, d);
            KeyRange visible = problem.VisibleKeys(query);
            float max = float.NegativeInfinity, sum = 0;
            for (int key = visible.Begin; key < visible.End; key++)
            {
                float score = problem.Scale * Dot(qRow, k.Slice(key * d, d));
                // A NaN is never greater, and needs not be: it reaches the sum and the output through its weight.
                if (score > max)
                {
                    float rescale = MathF.Exp(max - score);
                    sum *= rescale;
                    Scale(outputRow, rescale);
                    max = score;
                }
                float weight = MathF.Exp(score - max);
                sum += weight;
                AddScaled(outputRow, weight, v.Slice(key * d, d));
            }
            if (!visible.IsEmpty)
                Scale(outputRow, 1 / sum);
        }
    }

    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        float sum = 0;
        for (int c = 0; c < a.Length; c++)
            sum += a[c] * b[c];
        return sum;
    }

    private static void Scale(Span<float> row, float factor)
    {
        for (int c = 0; c < row.Length; c++)
            row[c] *= factor;
    }

    private static void AddScaled(Span<float> output, float weight, ReadOnlySpan<float> v)
    {
        for (int c = 0; c < output.Length; c++)
            output[c] += weight * v[c];
    }
}
