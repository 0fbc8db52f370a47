using System.Numerics.Tensors;
using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// Scalar attention with a state, by its recurrence in float64, with replaceable steps. With the default steps it is right, for linear
/// attention, retention or the delta rule, and the gate must pass it; each wrong kernel replaces one step.
/// </summary>
internal sealed class ScalarState(AttentionOperation operation) : AttentionKernel
{
    public override KernelInfo Info => new($"wrong-{Name}", Mistake, operation);

    public string Name { get; init; } = $"control-{operation.Name}";

    public string Mistake { get; init; } = "none: this one is right";

    /// <summary>Features of a query or key, [headDim].</summary>
    public Func<double[], double[]> Feature { get; init; } = operation switch
    {
        DeltaAttention => Unit,
        RetentionAttention => row => row,
        _ => EluPlusOne,
    };

    /// <summary>Factor of the state for each key, by problem and head.</summary>
    public Func<AttentionProblem, int, double> Decay { get; init; } =
        (problem, head) => operation is RetentionAttention retention ? retention.Decay(problem.KvHead(head)) : 1;

    /// <summary>Whether a key replaces the value stored under it.</summary>
    public bool Subtracts { get; init; } = operation is DeltaAttention;

    /// <summary>Whether the output is divided by the sum of the weights.</summary>
    public bool Divides { get; init; } = operation is LinearEluAttention;

    /// <summary>Whether a key is dropped.</summary>
    public Func<int, bool> Drops { get; init; } = _ => false;

    protected override Takes Takes => Takes.ValueDim;

    protected override Plan PlanFor(AttentionProblem problem) =>
        problem.Mask is FullMask or CausalMask ? new(problem.Batch * problem.Heads) : Refuse("a state takes full and causal masks");

    protected override void Compute(in AttentionCall call, int stage, int item)
    {
        AttentionProblem problem = call.Problem;
        (int batch, int head) = Math.DivRem(item, problem.Heads);
        int d = problem.HeadDim, valueDim = problem.ValueDim, seen = 0, kvHead = problem.KvHead(head);
        ReadOnlySpan<float> q = call.Q.Head<float>(batch, head), k = call.K.Head<float>(batch, kvHead), v = call.V.Head<float>(batch, kvHead);
        Span<float> output = call.O.Head<float>(batch, head);
        // The last number of each row is the sum of the features.
        double[][] state = [.. Enumerable.Range(0, d).Select(_ => new double[valueDim + 1])];
        for (int query = 0; query < problem.Queries; query++)
        {
            int end = problem.VisibleKeys(query).End;
            for (; seen < end; seen++)
            {
                if (!Drops(seen))
                    Add(state, Feature(Widen(k.Slice(seen * d, d))), [.. Widen(v.Slice(seen * valueDim, valueDim)), 1], Decay(problem, head));
            }
            double[] sums = Read(state, Feature(Widen(q.Slice(query * d, d))));
            double divisor = Divides ? sums[valueDim] : 1, factor = operation is RetentionAttention ? problem.Scale : 1;
            for (int c = 0; c < valueDim; c++)
                output[query * valueDim + c] = end == 0 ? 0 : (float)(sums[c] / divisor * factor);
        }
    }

    private void Add(double[][] state, double[] k, double[] v, double decay)
    {
        if (Subtracts)
        {
            double[] stored = Read(state, k);
            for (int c = 0; c < v.Length; c++)
                v[c] -= stored[c];
        }
        for (int i = 0; i < k.Length; i++)
        {
            TensorPrimitives.Multiply(state[i], decay, state[i]);
            TensorPrimitives.MultiplyAdd(v, k[i], state[i], state[i]);
        }
    }

    private static double[] Read(double[][] state, double[] q)
    {
        double[] sums = new double[state[0].Length];
        for (int i = 0; i < q.Length; i++)
            TensorPrimitives.MultiplyAdd(state[i], q[i], sums, sums);
        return sums;
    }

    private static double[] Widen(ReadOnlySpan<float> row)
    {
        double[] wide = new double[row.Length];
        for (int c = 0; c < wide.Length; c++)
            wide[c] = row[c];
        return wide;
    }

    private static double[] Unit(double[] row)
    {
        double length = Math.Sqrt(row.Sum(number => number * number));
        return [.. row.Select(number => length == 0 ? 0 : number / length)];
    }

    private static double[] EluPlusOne(double[] row) => [.. row.Select(x => x > 0 ? x + 1 : Math.Exp(x))];
}
