using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// Scalar softmax attention with the log-sum-exp of each row, alone or continued from a state, with replaceable steps. With the default
/// steps it is right, and the gate must pass it; each wrong kernel replaces one step.
/// </summary>
internal sealed class ScalarRowSums(SoftmaxAttention operation) : AttentionKernel
{
    public delegate (float Max, float Sum) Start(float lse);

    public delegate void End(AttentionProblem problem, int query, Span<float> output, ref float lse);

    public override KernelInfo Info => new($"wrong-{operation.Name["softmax-".Length..]}-{Name}", Mistake, operation);

    public string Name { get; init; } = "control";

    public string Mistake { get; init; } = "none: this one is right";

    /// <summary>Initial maximum and sum, from the log-sum-exp of the state.</summary>
    public Start Begin { get; init; } = lse => (lse, float.IsNegativeInfinity(lse) ? 0 : 1);

    public Func<AttentionProblem, int, KeyRange> Visible { get; init; } = (problem, query) => problem.VisibleKeys(query);

    /// <summary>The new maximum, from the old maximum and a score.</summary>
    public Func<float, float, float> Join { get; init; } = MathF.Max;

    /// <summary>Factor of the sum when the maximum grows.</summary>
    public Func<float, float> RescaleSum { get; init; } = MathF.Exp;

    /// <summary>Factor of the output when the maximum grows.</summary>
    public Func<float, float> RescaleOutput { get; init; } = MathF.Exp;

    public Func<AttentionProblem, float> Scale { get; init; } = problem => problem.Scale;

    /// <summary>The log-sum-exp of a maximum and a sum.</summary>
    public Func<float, float, float> Finish { get; init; } = (max, sum) => max + MathF.Log(sum);

    /// <summary>Runs over a finished row.</summary>
    public End After { get; init; } = (AttentionProblem problem, int query, Span<float> output, ref float lse) => { };

    /// <summary>Whether the output is divided by the sum.</summary>
    public bool Divides { get; init; } = true;

    /// <summary>Row of the log-sum-exp of a query.</summary>
    public Func<AttentionProblem, int, int> LseRow { get; init; } = (problem, query) => query;

    protected override Takes Takes => Takes.Patterns | Takes.ValueDim;

    private bool Continues => operation is SoftmaxStep;

    protected override Plan PlanFor(AttentionProblem problem) => new(problem.Batch * problem.Heads);

    protected override void Compute(in AttentionCall call, int stage, int item)
    {
        AttentionProblem problem = call.Problem;
        (int batch, int head) = Math.DivRem(item, problem.Heads);
        for (int query = 0; query < problem.Queries; query++)
        {
            Span<float> output = call.O.Row<float>(batch, head, query);
            ref float lse = ref call.Lse.Row<float>(batch, head, LseRow(problem, query))[0];
            if (!Continues)
            {
                output.Clear();
                lse = float.NegativeInfinity;
            }
            if (!problem.IsBlind(head, query))
                ComputeRow(call, batch, head, query, output, ref lse);
            After(problem, query, output, ref lse);
        }
    }

    private void ComputeRow(in AttentionCall call, int batch, int head, int query, Span<float> output, ref float lse)
    {
        AttentionProblem problem = call.Problem;
        int kvHead = problem.KvHead(head);
        ReadOnlySpan<float> q = call.Q.Row<float>(batch, head, query);
        (float max, double sum) = Begin(lse);
        // In float64, because adding a key to the large old sum would round it.
        double[] row = new double[output.Length];
        for (int c = 0; c < row.Length; c++)
            row[c] = output[c];
        KeyRange visible = Visible(problem, query);
        for (int key = visible.Begin; key < visible.End; key++)
        {
            int count = problem.Mask.IsContiguous ? 1 : problem.Mask.Count(problem.Head(head), query, key);
            if (count == 0)
                continue;
            float score = Scale(problem) * ScalarAttention.PlainDot(q, call.K.Row<float>(batch, kvHead, key)) + MathF.Log(count);
            float newMax = Join(max, score), weight = MathF.Exp(score - newMax);
            bool grew = max != newMax;
            sum = sum * (grew ? RescaleSum(max - newMax) : 1) + weight;
            float rescale = grew ? RescaleOutput(max - newMax) : 1;
            ReadOnlySpan<float> value = call.V.Row<float>(batch, kvHead, key);
            for (int c = 0; c < output.Length; c++)
                row[c] = row[c] * rescale + (double)weight * value[c];
            max = newMax;
        }
        for (int c = 0; c < output.Length; c++)
            output[c] = (float)(Divides ? row[c] / sum : row[c]);
        lse = Finish(max, (float)sum);
    }
}
