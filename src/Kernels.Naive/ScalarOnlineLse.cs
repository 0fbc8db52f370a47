using Kernels.Abstractions;

namespace Kernels.Naive;

/// <summary>
/// Online softmax with the log-sum-exp of each row: maximum m and sum s give the output o/s and lse = m + log s. A step joins a row to
/// attention over earlier keys as if those were one more key of score lse and value o, so one loop serves both operations. The new keys are
/// summed first, because adding each to the large old sum would round it more.
/// </summary>
/// <param name="operation"><see cref="SoftmaxLse"/>, or <see cref="SoftmaxStep"/> to continue rows.</param>
public sealed class ScalarOnlineLse(SoftmaxAttention operation) : AttentionKernel
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = operation is SoftmaxStep
        ? new("naive-online-step", "joins rows to attention over earlier keys, which counts as one key of score lse and value o", operation)
        {
            BuildsOn = "naive-online-lse",
            Source = "Liu et al. 2023, Ring Attention with Blockwise Transformers, section 3.1",
        }
        : new("naive-online-lse", "also writes the log-sum-exp of each row, from maximum and sum", operation)
        {
            BuildsOn = "naive-online-softmax",
            Source = "Dao et al. 2022, FlashAttention, algorithm 1",
        };

    /// <inheritdoc/>
    protected override Takes Takes => Takes.ValueDim | Takes.Strides;

    /// <inheritdoc/>
    protected override Plan PlanFor(AttentionProblem problem) =>
        new(problem.Batch * problem.Heads) { ThreadBytes = sizeof(float) * (long)problem.ValueDim };

    /// <inheritdoc/>
    protected override void Compute(in AttentionCall call, int stage, int item)
    {
        AttentionProblem problem = call.Problem;
        (int batch, int head) = Math.DivRem(item, problem.Heads);
        for (int query = 0; query < problem.Queries; query++)
        {
            Span<float> output = call.O.Row<float>(batch, head, query);
            ref float lse = ref call.Lse.Row<float>(batch, head, query)[0];
            if (operation is not SoftmaxStep)
            {
                output.Clear();
                lse = float.NegativeInfinity;
            }
            KeyRange visible = problem.VisibleKeys(query);
            if (visible.IsEmpty)
                continue;
            (float max, float sum) = Sum(call, batch, head, call.Q.Row<float>(batch, head, query), visible, call.OwnFloats);
            Join(call.OwnFloats, max, sum, output, ref lse);
        }
    }

    private static (float Max, float Sum) Sum(
        in AttentionCall call, int batch, int head, ReadOnlySpan<float> q, KeyRange visible, Span<float> weighted)
    {
        int kvHead = call.Problem.KvHead(head);
        float max = float.NegativeInfinity, sum = 0;
        weighted.Clear();
        for (int key = visible.Begin; key < visible.End; key++)
        {
            float score = call.Problem.Scale * Dot(q, call.K.Row<float>(batch, kvHead, key));
            float newMax = MathF.Max(max, score);
            // Avoids −∞ − −∞ = NaN; the sums are zero before the first finite score.
            float rescale = max == newMax ? 1 : MathF.Exp(max - newMax), weight = MathF.Exp(score - newMax);
            max = newMax;
            sum = sum * rescale + weight;
            ReadOnlySpan<float> value = call.V.Row<float>(batch, kvHead, key);
            for (int c = 0; c < weighted.Length; c++)
                weighted[c] = weighted[c] * rescale + weight * value[c];
        }
        return (max, sum);
    }

    private static void Join(ReadOnlySpan<float> weighted, float max, float sum, Span<float> output, ref float lse)
    {
        float largest = MathF.Max(max, lse), own = MathF.Exp(max - largest);
        float before = float.IsNegativeInfinity(lse) ? 0 : MathF.Exp(lse - largest), total = before + own * sum;
        for (int c = 0; c < output.Length; c++)
            output[c] = (output[c] * before + weighted[c] * own) / total;
        lse = largest + MathF.Log(total);
    }

    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        float sum = 0;
        for (int c = 0; c < a.Length; c++)
            sum += a[c] * b[c];
        return sum;
    }
}
