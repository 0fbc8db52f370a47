using Kernels.Abstractions;

namespace Kernels.Naive;

/// <summary>
/// The gradients of softmax attention pair by pair: the weight of a pair follows from its score and the log-sum-exp of its query, and each
/// pair adds to one row of each gradient. All heads that share a kv head are one work item, because they add to the same dk and dv.
/// </summary>
public sealed class ScalarBackward : AttentionKernel
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } =
        new("naive-backward", "gradients pair by pair, weights again from scores and log-sum-exps", Operations.SoftmaxBackward)
        {
            BuildsOn = "naive-online-lse",
            Source = "Dao et al. 2022, FlashAttention, section B.2",
        };

    /// <inheritdoc/>
    protected override Takes Takes => Takes.Patterns | Takes.ValueDim | Takes.Strides;

    /// <inheritdoc/>
    protected override Plan PlanFor(AttentionProblem problem) => new(problem.Batch * problem.KvHeads);

    /// <inheritdoc/>
    protected override void Compute(in AttentionCall call, int stage, int item)
    {
        AttentionProblem problem = call.Problem;
        (int batch, int kvHead) = Math.DivRem(item, problem.KvHeads);
        int group = problem.Heads / problem.KvHeads;
        for (int key = 0; key < problem.Keys; key++)
        {
            call[SoftmaxBackward.GradK].Row<float>(batch, kvHead, key).Clear();
            call[SoftmaxBackward.GradV].Row<float>(batch, kvHead, key).Clear();
        }
        for (int head = kvHead * group; head < (kvHead + 1) * group; head++)
            for (int query = 0; query < problem.Queries; query++)
                AddRow(call, batch, head, kvHead, query);
    }

    private static void AddRow(in AttentionCall call, int batch, int head, int kvHead, int query)
    {
        AttentionProblem problem = call.Problem;
        ReadOnlySpan<float> q = call.Q.Row<float>(batch, head, query), gradO = call[SoftmaxBackward.GradO].Row<float>(batch, head, query);
        Span<float> gradQ = call[SoftmaxBackward.GradQ].Row<float>(batch, head, query);
        float lse = call.Lse.Row<float>(batch, head, query)[0], rowSum = Dot(gradO, call.O.Row<float>(batch, head, query));
        gradQ.Clear();
        KeyRange visible = problem.VisibleKeys(query);
        for (int key = visible.Begin; key < visible.End; key++)
        {
            int count = problem.Mask.IsContiguous ? 1 : problem.Mask.Count(problem.Head(head), query, key);
            if (count == 0)
                continue;
            ReadOnlySpan<float> k = call.K.Row<float>(batch, kvHead, key);
            float weight = count * MathF.Exp(problem.Scale * Dot(q, k) - lse);
            float gradient = weight * (Dot(gradO, call.V.Row<float>(batch, kvHead, key)) - rowSum) * problem.Scale;
            AddScaled(gradQ, gradient, k);
            AddScaled(call[SoftmaxBackward.GradK].Row<float>(batch, kvHead, key), gradient, q);
            AddScaled(call[SoftmaxBackward.GradV].Row<float>(batch, kvHead, key), weight, gradO);
        }
    }

    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        float sum = 0;
        for (int c = 0; c < a.Length; c++)
            sum += a[c] * b[c];
        return sum;
    }

    private static void AddScaled(Span<float> row, float factor, ReadOnlySpan<float> source)
    {
        for (int c = 0; c < row.Length; c++)
            row[c] += factor * source[c];
    }
}
