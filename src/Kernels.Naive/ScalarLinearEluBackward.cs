using Kernels.Abstractions;

namespace Kernels.Naive;

/// <summary>
/// The gradients of linear attention pair by pair: the features of all keys first, then the sum of the weights of each query, and each pair adds to one row
/// of each gradient; last the derivative of the feature map. All heads that share a kv head are one work item, because they add to the same dk and dv.
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
    /// <remarks>φ(k) of all keys of a kv head, and φ(q) of one query.</remarks>
    protected override Plan PlanFor(AttentionProblem problem)
    {
        long floats = (problem.Keys + 1L) * problem.HeadDim;
        return floats > int.MaxValue
            ? Refuse($"keeps the features of all keys in one span, which does not hold {floats:N0} numbers")
            : new(problem.Batch * problem.KvHeads) { ThreadBytes = sizeof(float) * floats };
    }

    /// <inheritdoc/>
    protected override void Compute(in AttentionCall call, int stage, int item)
    {
        AttentionProblem problem = call.Problem;
        LinearEluBackward operation = Operations.LinearEluBackward;
        (int batch, int kvHead) = Math.DivRem(item, problem.KvHeads);
        int group = problem.Heads / problem.KvHeads;
        for (int key = 0; key < problem.Keys; key++)
        {
            SetFeatures(call.K.Row<float>(batch, kvHead, key), Features(call, key));
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
        Span<float> gradQ = call[operation.GradQ].Row<float>(batch, head, query), features = Features(call, problem.Keys);
        SetFeatures(q, features);
        float rowSum = Dot(gradO, call.O.Row<float>(batch, head, query));
        // A float32 sum over a long sequence, term by term, rounds more than everything else here.
        double sum = 0;
        KeyRange visible = problem.VisibleKeys(query);
        for (int key = visible.Begin; key < visible.End; key++)
        {
            int count = Count(problem, head, query, key);
            sum += count == 0 ? 0 : count * Dot(features, Features(call, key));
        }
        gradQ.Clear();
        for (int key = visible.Begin; key < visible.End; key++)
        {
            int count = Count(problem, head, query, key);
            if (count == 0)
                continue;
            float share = (float)(count / sum);
            float gradient = share * (Dot(gradO, call.V.Row<float>(batch, kvHead, key)) - rowSum);
            AddScaled(gradQ, gradient, Features(call, key));
            AddScaled(call[operation.GradK].Row<float>(batch, kvHead, key), gradient, features);
            AddScaled(call[operation.GradV].Row<float>(batch, kvHead, key), share * Dot(features, Features(call, key)), gradO);
        }
        MultiplySlope(q, gradQ);
    }

    private static int Count(AttentionProblem problem, int head, int query, int key) =>
        problem.Mask.IsContiguous ? 1 : problem.Mask.Count(problem.Head(head), query, key);

    /// <summary>φ(k) of a key; after the last key, φ(q) of the query.</summary>
    private static Span<float> Features(in AttentionCall call, int row) => call.OwnFloats.Slice(row * call.Problem.HeadDim, call.Problem.HeadDim);

    private static void SetFeatures(ReadOnlySpan<float> x, Span<float> features)
    {
        for (int c = 0; c < x.Length; c++)
            features[c] = x[c] > 0 ? x[c] + 1 : MathF.Exp(x[c]);
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
