using System.Numerics.Tensors;
using Kernels.Abstractions;

namespace Kernels.Bench.Validation.WrongKernels;

/// <summary>
/// Scalar attention with a state, by its recurrence in float64, whose every step can be replaced. As it stands it is right, for linear
/// attention, retention or the delta rule, and the gate must pass it; each wrong kernel replaces one step.
/// </summary>
internal sealed class ScalarState(Definition definition) : AttentionKernel
{
    public override KernelInfo Info => new($"wrong-{Name}", Mistake, definition);

    public string Name { get; init; } = $"control-{definition.Name}";

    public string Mistake { get; init; } = "none: this one is right";

    /// <summary>What a query or key becomes before it meets the state, [headDim].</summary>
    public Func<double[], double[]> Feature { get; init; } = definition switch
    {
        DeltaDefinition => Unit,
        RetentionDefinition => row => row,
        _ => EluPlusOne,
    };

    /// <summary>What a key leaves of the state, by problem and head.</summary>
    public Func<AttentionProblem, int, double> Decay { get; init; } =
        (problem, head) => definition is RetentionDefinition retention ? retention.Decay(problem.KvHead(head)) : 1;

    /// <summary>Whether a key replaces what is stored under it.</summary>
    public bool Subtracts { get; init; } = definition is DeltaDefinition;

    /// <summary>Whether the output is divided by the sum of the weights.</summary>
    public bool Divides { get; init; } = definition == Definition.LinearElu;

    /// <summary>Whether a key is forgotten.</summary>
    public Func<int, bool> Drops { get; init; } = _ => false;

    protected override string? Refuses(AttentionProblem problem) =>
        problem.Mask is FullMask or CausalMask ? null : "a state takes full and causal masks";

    protected override int WorkItems(AttentionProblem problem) => problem.Batch * problem.Heads;

    protected override void Compute(AttentionProblem problem, in AttentionTensors tensors, int item, Span<float> scratch)
    {
        (int batch, int head) = Math.DivRem(item, problem.Heads);
        int d = problem.HeadDim, seen = 0;
        ReadOnlySpan<float> q = tensors.Q(batch, head), k = tensors.K(batch, head), v = tensors.V(batch, head);
        Span<float> output = tensors.Output(batch, head);
        // The last number of each row is the sum of the features.
        double[][] state = [.. Enumerable.Range(0, d).Select(_ => new double[d + 1])];
        for (int query = 0; query < problem.Queries; query++)
        {
            int end = problem.VisibleKeys(query).End;
            for (; seen < end; seen++)
            {
                if (!Drops(seen))
                    Add(state, Feature(Widen(k.Slice(seen * d, d))), [.. Widen(v.Slice(seen * d, d)), 1], Decay(problem, head));
            }
            double[] sums = Read(state, Feature(Widen(q.Slice(query * d, d))));
            double factor = end == 0 ? 0 : Divides ? 1 / sums[d] : definition is RetentionDefinition ? problem.Scale : 1;
            for (int c = 0; c < d; c++)
                output[query * d + c] = end == 0 ? 0 : (float)(sums[c] * factor);
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
