using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// Scalar gradients of softmax attention with replaceable steps. With the default steps it is right, and the gate must pass it; each wrong
/// kernel replaces one step.
/// </summary>
internal sealed class ScalarBackward : AttentionKernel
{
    private const int RacingQueries = 16;

    public delegate float RowSum(ReadOnlySpan<float> gradO, ReadOnlySpan<float> o);

    public delegate void RowEnd(AttentionProblem problem, int head, int query, Span<float> gradQ);

    public override KernelInfo Info => new($"wrong-backward-{Name}", Mistake, Operations.SoftmaxBackward);

    public string Name { get; init; } = "control";

    public string Mistake { get; init; } = "none: this one is right";

    public Func<AttentionProblem, int> Queries { get; init; } = problem => problem.Queries;

    public Func<AttentionProblem, int, KeyRange> Visible { get; init; } = (problem, query) => problem.VisibleKeys(query);

    /// <summary>How often a key counts, by head, query and key; used where the mask is not contiguous.</summary>
    public ScalarAttention.PairCount Count { get; init; } = (problem, head, query, key) => problem.Mask.Count(problem.Head(head), query, key);

    public Func<AttentionProblem, int, int> KvHead { get; init; } = (problem, head) => problem.KvHead(head);

    public Func<AttentionProblem, float> Scale { get; init; } = problem => problem.Scale;

    public Func<AttentionProblem, float> ScaleOfQ { get; init; } = problem => problem.Scale;

    public Func<AttentionProblem, float> ScaleOfK { get; init; } = problem => problem.Scale;

    /// <summary>The weight of a score and the log-sum-exp of its row.</summary>
    public Func<float, float, float> Weight { get; init; } = (score, lse) => MathF.Exp(score - lse);

    /// <summary>D of a row, from dO and o.</summary>
    public RowSum Sum { get; init; } = ScalarAttention.PlainDot;

    /// <summary>dS from the weight, dO·v and D.</summary>
    public Func<float, float, float, float> Gradient { get; init; } = (weight, gradP, sum) => weight * (gradP - sum);

    /// <summary>The query and key of dK for those of dS.</summary>
    public Func<AttentionProblem, int, int, (int Query, int Key)> PairOfK { get; init; } = (_, query, key) => (query, key);

    /// <summary>Whether dQ is added to over the keys; by query and key.</summary>
    public Func<int, bool> AddsToQ { get; init; } = _ => true;

    /// <summary>Whether dK and dV are added to over the heads that share them.</summary>
    public bool AddsHeads { get; init; } = true;

    /// <summary>Whether work items of one kv head add to the same dK and dV.</summary>
    public bool Races { get; init; }

    /// <summary>Runs over a finished row of dQ.</summary>
    public RowEnd Finish { get; init; } = (problem, head, query, gradQ) => { };

    /// <summary>Runs over a finished row of dK or dV of a key.</summary>
    public Action<AttentionProblem, int, float[]>? FinishKey { get; init; }

    protected override Takes Takes => Takes.Patterns | Takes.ValueDim | Takes.Strides;

    protected override Plan PlanFor(AttentionProblem problem) => new(problem.Batch * problem.KvHeads * ItemsPerKvHead(problem));

    protected override void Compute(in AttentionCall call, int stage, int item)
    {
        AttentionProblem problem = call.Problem;
        (int kvItem, int block) = Math.DivRem(item, ItemsPerKvHead(problem));
        (int batch, int kvHead) = Math.DivRem(kvItem, problem.KvHeads);
        int group = problem.Heads / problem.KvHeads, begin = Races ? block * RacingQueries : 0;
        int end = Math.Min(Queries(problem), Races ? begin + RacingQueries : problem.Queries);
        for (int head = kvHead * group; head < (kvHead + 1) * group; head++)
        {
            if (block == 0 && (head == kvHead * group || !AddsHeads))
                Clear(call, batch, kvHead);
            for (int query = begin; query < end; query++)
                AddRow(call, batch, head, kvHead, query);
        }
        for (int key = 0; FinishKey is not null && key < problem.Keys; key++)
            EndKey(call, batch, kvHead, key);
    }

    private int ItemsPerKvHead(AttentionProblem problem) => Races ? (problem.Queries - 1) / RacingQueries + 1 : 1;

    private static void Clear(in AttentionCall call, int batch, int kvHead)
    {
        for (int key = 0; key < call.Problem.Keys; key++)
        {
            call[SoftmaxBackward.GradK].Row<float>(batch, kvHead, key).Clear();
            call[SoftmaxBackward.GradV].Row<float>(batch, kvHead, key).Clear();
        }
    }

    private void AddRow(in AttentionCall call, int batch, int head, int kvHead, int query)
    {
        AttentionProblem problem = call.Problem;
        ReadOnlySpan<float> q = call.Q.Row<float>(batch, head, query), gradO = call[SoftmaxBackward.GradO].Row<float>(batch, head, query);
        Span<float> gradQ = call[SoftmaxBackward.GradQ].Row<float>(batch, head, query);
        float lse = call.Lse.Row<float>(batch, head, query)[0], sum = Sum(gradO, call.O.Row<float>(batch, head, query));
        gradQ.Clear();
        KeyRange visible = Visible(problem, query);
        for (int key = visible.Begin; key < visible.End; key++)
        {
            int count = problem.Mask.IsContiguous ? 1 : Count(problem, head, query, key);
            if (count == 0)
                continue;
            int read = KvHead(problem, head);
            ReadOnlySpan<float> k = call.K.Row<float>(batch, read, key), v = call.V.Row<float>(batch, read, key);
            float weight = count * Weight(Scale(problem) * ScalarAttention.PlainDot(q, k), lse);
            float gradient = Gradient(weight, ScalarAttention.PlainDot(gradO, v), sum);
            if (!AddsToQ(key))
                gradQ.Clear();
            Add(k, ScaleOfQ(problem) * gradient, gradQ);
            (int otherQuery, int otherKey) = PairOfK(problem, query, key);
            Add(
                call.Q.Row<float>(batch, head, otherQuery), ScaleOfK(problem) * gradient,
                call[SoftmaxBackward.GradK].Row<float>(batch, kvHead, otherKey));
            Add(gradO, weight, call[SoftmaxBackward.GradV].Row<float>(batch, kvHead, key));
        }
        Finish(problem, head, query, gradQ);
    }

    private void EndKey(in AttentionCall call, int batch, int kvHead, int key)
    {
        foreach (int place in (ReadOnlySpan<int>)[SoftmaxBackward.GradK, SoftmaxBackward.GradV])
        {
            Span<float> row = call[place].Row<float>(batch, kvHead, key);
            float[] numbers = row.ToArray();
            FinishKey!(call.Problem, key, numbers);
            numbers.CopyTo(row);
        }
    }

    private static void Add(ReadOnlySpan<float> source, float factor, Span<float> sums)
    {
        for (int c = 0; c < sums.Length; c++)
            sums[c] += factor * source[c];
    }
}
