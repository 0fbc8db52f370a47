using Kernels.Abstractions;

namespace Kernels.Naive;

/// <summary>
/// The gradients of retention pair by pair, with the power of the decay by the distance. All heads that share a kv head are one work item, because they
/// add to the same dk and dv.
/// </summary>
/// <param name="operation">The operation, with its decay.</param>
public sealed class ScalarRetentionBackward(RetentionBackward operation) : AttentionKernel
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        $"naive-{operation.Name}", "gradients of retention pair by pair, each with its power of the decay", operation)
    {
        BuildsOn = "naive-backward",
        Source = "Sun et al. 2023, Retentive Network, equation 5, differentiated",
    };

    private RetentionBackward Gradients => (RetentionBackward)Info.Operation;

    /// <inheritdoc/>
    protected override Takes Takes => Takes.ValueDim | Takes.Strides;

    /// <inheritdoc/>
    protected override Plan PlanFor(AttentionProblem problem) => problem.Mask is FullMask or CausalMask
        ? new(problem.Batch * problem.KvHeads)
        : Refuse($"retention is defined on the keys from the first on, which {problem.Mask} does not show; it takes full and causal masks");

    /// <inheritdoc/>
    protected override void Compute(in AttentionCall call, int stage, int item)
    {
        AttentionProblem problem = call.Problem;
        (int batch, int kvHead) = Math.DivRem(item, problem.KvHeads);
        int group = problem.Heads / problem.KvHeads;
        for (int key = 0; key < problem.Keys; key++)
        {
            call[Gradients.GradK].Row<float>(batch, kvHead, key).Clear();
            call[Gradients.GradV].Row<float>(batch, kvHead, key).Clear();
        }
        for (int head = kvHead * group; head < (kvHead + 1) * group; head++)
            for (int query = 0; query < problem.Queries; query++)
                AddRow(call, batch, head, kvHead, query);
    }

    private void AddRow(in AttentionCall call, int batch, int head, int kvHead, int query)
    {
        AttentionProblem problem = call.Problem;
        ReadOnlySpan<float> q = call.Q.Row<float>(batch, head, query), gradO = call[Gradients.GradO].Row<float>(batch, head, query);
        Span<float> gradQ = call[Gradients.GradQ].Row<float>(batch, head, query);
        gradQ.Clear();
        double decay = Gradients.Forward.Decay(kvHead);
        int end = problem.VisibleKeys(query).End;
        // The farthest key first: sums that begin with the smallest terms round less.
        for (int key = 0; key < end; key++)
        {
            float factor = problem.Scale * (float)Math.Pow(decay, end - 1 - key);
            float gradient = factor * Dot(gradO, call.V.Row<float>(batch, kvHead, key));
            ReadOnlySpan<float> k = call.K.Row<float>(batch, kvHead, key);
            AddScaled(gradQ, gradient, k);
            AddScaled(call[Gradients.GradK].Row<float>(batch, kvHead, key), gradient, q);
            AddScaled(call[Gradients.GradV].Row<float>(batch, kvHead, key), factor * Dot(q, k), gradO);
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
