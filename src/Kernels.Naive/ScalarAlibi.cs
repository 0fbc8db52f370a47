using Kernels.Abstractions;

namespace Kernels.Naive;

/// <summary>
/// ALiBi as its paper writes it: the bias is added to the scores of a query before the softmax; slopes by head, distances by position.
/// </summary>
/// <param name="operation">The operation.</param>
public sealed class ScalarAlibi(SoftmaxAlibi operation) : AttentionKernel
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new("naive-alibi", "minus slope times distance added to each score, as the paper writes it", operation)
    {
        BuildsOn = "naive-triple-loop",
        Source = "Press, Smith and Lewis 2022, Train Short, Test Long, section 3",
    };

    /// <inheritdoc/>
    protected override Takes Takes => Takes.Patterns | Takes.ValueDim | Takes.Strides;

    /// <inheritdoc/>
    protected override Plan PlanFor(AttentionProblem problem) => new(problem.Batch * problem.Heads) { ThreadBytes = sizeof(float) * (long)problem.Keys };

    /// <inheritdoc/>
    protected override void Compute(in AttentionCall call, int stage, int item)
    {
        (int batch, int head) = Math.DivRem(item, call.Problem.Heads);
        for (int query = 0; query < call.Problem.Queries; query++)
            ComputeRow(call, batch, head, query);
    }

    private static void ComputeRow(in AttentionCall call, int batch, int head, int query)
    {
        AttentionProblem problem = call.Problem;
        int kvHead = problem.KvHead(head);
        float slope = SoftmaxAlibi.Slope(head, problem.Heads), max = float.NegativeInfinity, sum = 0;
        MaskedHead masked = problem.Head(head);
        KeyRange visible = problem.VisibleKeys(query);
        Span<float> weights = call.OwnFloats, output = call.O.Row<float>(batch, head, query);
        ReadOnlySpan<float> q = call.Q.Row<float>(batch, head, query);
        for (int key = visible.Begin; key < visible.End; key++)
        {
            ReadOnlySpan<float> k = call.K.Row<float>(batch, kvHead, key);
            float score = 0;
            for (int c = 0; c < q.Length; c++)
                score += q[c] * k[c];
            // The logarithm of how often the key counts: −∞ for a hidden one.
            float count = problem.Mask.IsContiguous ? 0 : MathF.Log(problem.Mask.Count(masked, query, key));
            weights[key] = score * problem.Scale - slope * SoftmaxAlibi.Distance(problem, query, key) + count;
            max = MathF.Max(max, weights[key]);
        }
        output.Clear();
        if (problem.IsBlind(head, query))
            return;
        for (int key = visible.Begin; key < visible.End; key++)
        {
            float weight = MathF.Exp(weights[key] - max);
            ReadOnlySpan<float> v = call.V.Row<float>(batch, kvHead, key);
            sum += weight;
            for (int c = 0; c < output.Length; c++)
                output[c] += weight * v[c];
        }
        foreach (ref float number in output)
            number /= sum;
    }
}
