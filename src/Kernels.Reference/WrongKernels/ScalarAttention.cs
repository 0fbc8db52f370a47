using System.Numerics.Tensors;
using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// Scalar softmax attention with replaceable steps. With the default steps it is right, and the gate must pass it; each wrong kernel
/// replaces one step.
/// </summary>
internal sealed class ScalarAttention : AttentionKernel
{
    public delegate void Before(in AttentionCall call, Span<float> scratch);

    public delegate float Product(ReadOnlySpan<float> q, ReadOnlySpan<float> k);

    public delegate float Reduction(ReadOnlySpan<float> row);

    public delegate void RowStep(AttentionProblem problem, int query, Span<float> row);

    public delegate int PairCount(AttentionProblem problem, int head, int query, int key);

    public delegate float PairBias(AttentionProblem problem, int head, int query, int key);

    public delegate Span<float> ScratchChoice(Span<float> scratch);

    public override KernelInfo Info => new($"wrong-{Name}", Mistake, Operation) { Format = new(Element.Float32, Output) };

    /// <summary>Format of the output: float32, or bfloat16, to which finished rows are rounded.</summary>
    public Element Output { get; init; } = Element.Float32;

    public AttentionOperation Operation { get; init; } = Operations.Softmax;

    public string Name { get; init; } = "control";

    public string Mistake { get; init; } = "none: this one is right";

    /// <summary>Runs before each head.</summary>
    public Before Prepare { get; init; } = (in call, scratch) => { };

    public ScratchChoice Weights { get; init; } = scratch => scratch;

    public Func<AttentionProblem, int> Queries { get; init; } = problem => problem.Queries;

    public Func<AttentionProblem, int, KeyRange> Visible { get; init; } = (problem, query) => problem.VisibleKeys(query);

    /// <summary>How often a key counts, by head, query and key; used where the mask is not contiguous.</summary>
    public PairCount Count { get; init; } = (problem, head, query, key) => problem.Mask.Count(problem.Head(head), query, key);

    public Func<AttentionProblem, int, int, int> KvIndex { get; init; } =
        (problem, batch, head) => batch * problem.KvHeads + problem.KvHead(head);

    public Func<AttentionProblem, int, int, int> OutputRow { get; init; } =
        (problem, headIndex, query) => headIndex * problem.Queries + query;

    public Func<AttentionProblem, float> Scale { get; init; } = problem => problem.Scale;

    public Product Dot { get; init; } = PlainDot;

    /// <summary>What is added to a scaled score; nothing when null.</summary>
    public PairBias? Bias { get; init; }

    /// <summary>Runs over the scores of a row, [keys].</summary>
    public RowStep Scores { get; init; } = (problem, query, row) => { };

    public Reduction Max { get; init; } = PlainMax;

    public Func<float, float> Exp { get; init; } = MathF.Exp;

    /// <summary>Runs over the weights of a row, [keys].</summary>
    public RowStep Normalise { get; init; } = PlainNormalise;

    public Func<KeyRange, int, int> ValueOf { get; init; } = (visible, key) => key;

    /// <summary>Rounds every partial sum of the output.</summary>
    public Func<float, float>? Round { get; init; }

    /// <summary>Runs over a finished row of the output, [valueDim].</summary>
    public RowStep Finish { get; init; } = (problem, query, row) => { };

    public static float PlainDot(ReadOnlySpan<float> q, ReadOnlySpan<float> k)
    {
        float sum = 0;
        for (int c = 0; c < q.Length; c++)
            sum += q[c] * k[c];
        return sum;
    }

    public static float PlainMax(ReadOnlySpan<float> row)
    {
        float max = float.NegativeInfinity;
        foreach (float score in row)
            max = MathF.Max(max, score);
        return max;
    }

    public static void PlainNormalise(AttentionProblem problem, int query, Span<float> row)
    {
        float sum = 0;
        foreach (float weight in row)
            sum += weight;
        foreach (ref float weight in row)
            weight /= sum;
    }

    protected override Takes Takes => Takes.Patterns | Takes.ValueDim;

    protected override Plan PlanFor(AttentionProblem problem) =>
        new(problem.Batch * problem.Heads) { ThreadBytes = sizeof(float) * problem.Keys };

    protected override void Compute(in AttentionCall call, int stage, int item)
    {
        AttentionProblem problem = call.Problem;
        Span<float> scratch = call.OwnFloats;
        Prepare(call, scratch);
        int d = problem.HeadDim, valueDim = problem.ValueDim;
        (int batch, int head) = Math.DivRem(item, problem.Heads);
        int kvIndex = KvIndex(problem, batch, head);
        ReadOnlySpan<float> k = call.K.All<float>().Slice(kvIndex * problem.Keys * d, problem.Keys * d);
        ReadOnlySpan<float> v = call.V.All<float>().Slice(kvIndex * problem.Keys * valueDim, problem.Keys * valueDim);
        for (int query = 0; query < Queries(problem); query++)
        {
            KeyRange visible = Visible(problem, query);
            Span<float> weights = Weights(scratch).Slice(visible.Begin, visible.Length);
            int outputRow = OutputRow(problem, item, query) * valueDim;
            Span<float> row = Output == Element.Float32 ? call.O.All<float>().Slice(outputRow, valueDim) : new float[valueDim];
            row.Clear();
            if (problem.Mask.IsContiguous || SeesAny(problem, head, query))
            {
                ComputeWeights(problem, head, query, visible.Begin, call.Q.Row<float>(batch, head, query), k[(visible.Begin * d)..], weights);
                for (int i = 0; i < weights.Length; i++)
                    AddScaled(weights[i], v.Slice(ValueOf(visible, visible.Begin + i) * valueDim, valueDim), row);
                Finish(problem, query, row);
            }
            if (Output != Element.Float32)
                Narrow(row, call.O.All<ushort>().Slice(outputRow, valueDim));
        }
    }

    private unsafe void Narrow(ReadOnlySpan<float> row, Span<ushort> target)
    {
        fixed (ushort* memory = target)
            Output.Narrow(row, memory);
    }

    private bool SeesAny(AttentionProblem problem, int head, int query)
    {
        for (int key = 0; key < problem.Keys; key++)
        {
            if (Count(problem, head, query, key) > 0)
                return true;
        }
        return false;
    }

    private void AddScaled(float weight, ReadOnlySpan<float> value, Span<float> row)
    {
        TensorPrimitives.MultiplyAdd(value, weight, row, row);
        if (Round is null)
            return;
        foreach (ref float partial in row)
            partial = Round(partial);
    }

    private void ComputeWeights(
        AttentionProblem problem, int head, int query, int first, ReadOnlySpan<float> q, ReadOnlySpan<float> k, Span<float> weights)
    {
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = Dot(q, k.Slice(i * q.Length, q.Length)) * Scale(problem) + (Bias?.Invoke(problem, head, query, first + i) ?? 0);
            // Under a pattern the range has all keys, so i is the key; the logarithm of a count of 0 hides it.
            if (!problem.Mask.IsContiguous)
                weights[i] += MathF.Log(Count(problem, head, query, i));
        }
        Scores(problem, query, weights);
        float max = Max(weights);
        foreach (ref float weight in weights)
            weight = Exp(weight - max);
        Normalise(problem, query, weights);
    }
}
