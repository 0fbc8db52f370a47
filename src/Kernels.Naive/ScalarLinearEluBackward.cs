using Kernels.Abstractions;

namespace Kernels.Naive;

/// <summary>
/// The gradients of linear attention pair by pair: the sum of the weights of a query first, then each pair adds to one row of each gradient, and last
/// the derivative of the feature map. All heads that share a kv head are one work item, because they add to the same dk and dv.
/// </summary>
public sealed class ScalarLinearEluBackward : AttentionKernel
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        "naive-linear-elu-backward", "gradients of linear attention pair by pair: every weight from its features, no state", Operations.LinearEluBackward)
    {
        BuildsOn = "naive-backward",
        Source = "Katharopoulos et al. 2020, Transformers are RNNs, section 3.2, differentiated",
    };

    /// <inheritdoc/>
    protected override Takes Takes => Takes.Patterns | Takes.ValueDim | Takes.Strides;

    /// <inheritdoc/>
    protected override Plan PlanFor(AttentionProblem problem) =>
        new(problem.Batch * problem.KvHeads) { ThreadBytes = sizeof(float) * (long)problem.HeadDim };

    /// <inheritdoc/>
    protected override void Compute(in AttentionCall call, int stage, int item)
    {
        AttentionProblem problem = call.Problem;
        LinearEluBackward operation = Operations.LinearEluBackward;
        (int batch, int kvHead) = Math.DivRem(item, problem.KvHeads);
        int group = problem.Heads / problem.KvHeads;
        for (int key = 0; key < problem.Keys; key++)
        {
            call[operation.GradK].Row<float>(batch, kvHead, key).Clear();
            call[operation.GradV].Row<float>(batch, kvHead, key).Clear();
        }
        for (int head = kvHead * group; head < (kvHead + 1) * group; head++)
            for (int query = 0; query < problem.Queries; query++)
                AddRow(call, batch, head, kvHead, query);
        for (int key = 0; key < problem.Keys; key++)
            MultiplySlope(call.K.Row<float>(batch, kvHead, key), call[operation.GradK].Row<float>(batch, kvHead, key));
    }

    private static void AddRow(in AttentionCall call, int batch, int head, int kvHead, int query)
    {
        AttentionProblem problem = call.Problem;
        LinearEluBackward operation = Operations.LinearEluBackward;
        ReadOnlySpan<float> q = call.Q.Row<float>(batch, head, query), gradO = call[operation.GradO].Row<float>(batch, head, query);
        Span<float> gradQ = call[operation.GradQ].Row<float>(batch, head, query), features = call.OwnFloats[..q.Length];
        for (int c = 0; c < q.Length; c++)
            features[c] = Feature(q[c]);
        float rowSum = Dot(gradO, call.O.Row<float>(batch, head, query));
        // A float32 sum over a long sequence, term by term, rounds more than everything else here.
        double sum = 0;
        KeyRange visible = problem.VisibleKeys(query);
        for (int key = visible.Begin; key < visible.End; key++)
        {
            int count = Count(problem, head, query, key);
            sum += count == 0 ? 0 : count * Weight(features, call.K.Row<float>(batch, kvHead, key));
        }
        gradQ.Clear();
        for (int key = visible.Begin; key < visible.End; key++)
        {
            int count = Count(problem, head, query, key);
            if (count == 0)
                continue;
            float share = (float)(count / sum);
            ReadOnlySpan<float> k = call.K.Row<float>(batch, kvHead, key);
            float gradient = share * (Dot(gradO, call.V.Row<float>(batch, kvHead, key)) - rowSum);
            for (int c = 0; c < k.Length; c++)
                gradQ[c] += gradient * Feature(k[c]);
            AddScaled(call[operation.GradK].Row<float>(batch, kvHead, key), gradient, features);
            AddScaled(call[operation.GradV].Row<float>(batch, kvHead, key), share * Weight(features, k), gradO);
        }
        MultiplySlope(q, gradQ);
    }

    private static int Count(AttentionProblem problem, int head, int query, int key) =>
        problem.Mask.IsContiguous ? 1 : problem.Mask.Count(problem.Head(head), query, key);

    private static float Feature(float x) => x > 0 ? x + 1 : MathF.Exp(x);

    private static float Weight(ReadOnlySpan<float> features, ReadOnlySpan<float> k)
    {
        float sum = 0;
        for (int c = 0; c < k.Length; c++)
            sum += features[c] * Feature(k[c]);
        return sum;
    }

    private static void MultiplySlope(ReadOnlySpan<float> x, Span<float> gradient)
    {
        for (int c = 0; c < x.Length; c++)
            gradient[c] *= x[c] > 0 ? 1 : MathF.Exp(x[c]);
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
