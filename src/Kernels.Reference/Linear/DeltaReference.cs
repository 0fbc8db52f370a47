using System.Numerics.Tensors;
using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// The delta rule. Gold is its recurrence in float64: the error of a step is about 10⁻¹⁶ and stays far below float32 rounding for any
/// sequence. Plain float32 is the recurrence, with products summed in order and in 8 lanes; and chunks of 64 keys (the WY form of Yang et
/// al. 2024, equation 9), where the stored value of a key is a sum over the chunk whose rounding errors are not damped by later steps.
/// </summary>
/// <param name="operation">The operation.</param>
public sealed class DeltaReference(DeltaAttention operation) : HeadReference(operation)
{
    private const int Chunk = 64;

    /// <inheritdoc/>
    public override IReadOnlyList<Kernel> Controls => [new ScalarState(operation)];

    /// <inheritdoc/>
    public override IReadOnlyList<WrongKernel> WrongKernels() =>
    [
        new(new ScalarState(operation)
        {
            Name = "delta-no-subtraction", Mistake = "the delta rule without the subtraction: keys add to what is stored",
            Subtracts = false,
        }, FailureKind.Inaccurate),
        new(new ScalarState(operation)
        {
            Name = "delta-long-keys", Mistake = "the delta rule without unit keys and queries",
            Feature = row => row,
        }, FailureKind.Inaccurate, FailureKind.NaN, FailureKind.Infinite),
        new(new ScalarState(operation)
        {
            Name = "delta-chunk-boundary-dropped", Mistake = "the delta rule that forgets the last key of each chunk of 64",
            Drops = key => key % Chunk == Chunk - 1,
        }, FailureKind.Inaccurate),
    ];

    /// <inheritdoc/>
    protected override void Gold(
        AttentionProblem problem, int head, ReadOnlySpan<int> queries, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v,
        Span<double> output)
    {
        int d = problem.HeadDim, valueDim = problem.ValueDim, seen = 0;
        double[][] state = [.. Enumerable.Range(0, d).Select(_ => new double[valueDim])];
        for (int row = 0; row < queries.Length; row++)
        {
            int visible = problem.VisibleKeys(queries[row]).End;
            for (; seen < visible; seen++)
                Replace(state, WideUnit(k.Slice(seen * d, d)), v.Slice(seen * valueDim, valueDim));
            if (visible > 0)
                Add(state, WideUnit(q.Slice(queries[row] * d, d)), output.Slice(row * valueDim, valueDim));
        }
    }

    /// <inheritdoc/>
    protected override float[][] Plain(Inputs inputs, int headIndex, int[] queries)
    {
        var problem = (AttentionProblem)inputs.Problem;
        return Together(
            () => Recurrent(problem, inputs, headIndex, queries, PlainFloat.LanesOf(0)),
            () => Recurrent(problem, inputs, headIndex, queries, PlainFloat.LanesOf(1)),
            () => Chunked(problem, inputs, headIndex, queries));
    }

    private static void Replace(double[][] state, double[] unit, ReadOnlySpan<float> v)
    {
        double[] stored = new double[v.Length], change = new double[v.Length];
        Add(state, unit, stored);
        for (int c = 0; c < v.Length; c++)
            change[c] = v[c] - stored[c];
        for (int i = 0; i < state.Length; i++)
            DoubleRow.AddScaled(change, unit[i], state[i]);
    }

    /// <summary>sum += xᵀ·state.</summary>
    private static void Add(double[][] state, double[] x, Span<double> sum)
    {
        for (int i = 0; i < state.Length; i++)
            DoubleRow.AddScaled(state[i], x[i], sum);
    }

    private static double[] WideUnit(ReadOnlySpan<float> x)
    {
        double length = Math.Sqrt(CompensatedSum.Dot(x, x));
        double[] unit = new double[x.Length];
        for (int c = 0; c < unit.Length; c++)
            unit[c] = length == 0 ? 0 : x[c] / length;
        return unit;
    }

    private static float[] Recurrent(AttentionProblem problem, Inputs inputs, int headIndex, int[] queries, int lanes)
    {
        int d = problem.HeadDim, valueDim = problem.ValueDim, seen = 0;
        ReadOnlySpan<float> v = inputs.HeadV(headIndex);
        // One row for each channel of the value, so that products with a key run along rows.
        float[] output = new float[queries.Length * valueDim], state = new float[valueDim * d];
        for (int row = 0; row < queries.Length; row++)
        {
            for (int end = problem.VisibleKeys(queries[row]).End; seen < end; seen++)
            {
                float[] k = Unit(inputs.HeadK(headIndex).Slice(seen * d, d), lanes);
                for (int c = 0; c < valueDim; c++)
                {
                    Span<float> stateRow = state.AsSpan(c * d, d);
                    float change = v[seen * valueDim + c] - PlainFloat.Dot(k, stateRow, lanes);
                    TensorPrimitives.MultiplyAdd(k, change, stateRow, stateRow);
                }
            }
            float[] q = Unit(inputs.HeadQ(headIndex).Slice(queries[row] * d, d), lanes);
            for (int c = 0; c < valueDim; c++)
                output[row * valueDim + c] = PlainFloat.Dot(q, state.AsSpan(c * d, d), lanes);
        }
        return output;
    }

    private static float[] Chunked(AttentionProblem problem, Inputs inputs, int headIndex, int[] queries)
    {
        int d = problem.HeadDim, valueDim = problem.ValueDim, begin = 0;
        ReadOnlySpan<float> v = inputs.HeadV(headIndex);
        float[] output = new float[queries.Length * valueDim], state = new float[valueDim * d];
        List<float[]> keys = [], stored = [];
        for (int row = 0; row < queries.Length; row++)
        {
            for (int end = problem.VisibleKeys(queries[row]).End; begin + keys.Count < end;)
            {
                int key = begin + keys.Count;
                float[] k = Reciprocal(inputs.HeadK(headIndex).Slice(key * d, d)), change = v.Slice(key * valueDim, valueDim).ToArray();
                AddRead(k, state, keys, stored, -1, change);
                keys.Add(k);
                stored.Add(change);
                if (keys.Count == Chunk)
                    begin += Absorb(state, keys, stored);
            }
            AddRead(
                Reciprocal(inputs.HeadQ(headIndex).Slice(queries[row] * d, d)), state, keys, stored, 1, output.AsSpan(row * valueDim, valueDim));
        }
        return output;
    }

    /// <summary>sum += factor·xᵀS, of the state and of the keys of the chunk with their stored values.</summary>
    private static void AddRead(float[] x, float[] state, List<float[]> keys, List<float[]> stored, float factor, Span<float> sum)
    {
        int d = x.Length;
        for (int c = 0; c < sum.Length; c++)
            sum[c] += factor * PlainFloat.Dot(x, state.AsSpan(c * d, d), lanes: 1);
        for (int j = 0; j < keys.Count; j++)
        {
            float product = factor * PlainFloat.Dot(x, keys[j], lanes: 1);
            TensorPrimitives.MultiplyAdd(stored[j], product, sum, sum);
        }
    }

    private static int Absorb(float[] state, List<float[]> keys, List<float[]> stored)
    {
        int count = keys.Count, d = keys[0].Length;
        float[] sum = new float[d];
        for (int c = 0; c < stored[0].Length; c++)
        {
            Array.Clear(sum);
            for (int j = 0; j < count; j++)
                TensorPrimitives.MultiplyAdd(keys[j], stored[j][c], sum, sum);
            Span<float> row = state.AsSpan(c * d, d);
            TensorPrimitives.Add(row, sum, row);
        }
        keys.Clear();
        stored.Clear();
        return count;
    }

    private static float[] Reciprocal(ReadOnlySpan<float> x)
    {
        float squares = PlainFloat.Dot(x, x, lanes: 1), factor = squares == 0 ? 0 : 1 / MathF.Sqrt(squares);
        float[] unit = x.ToArray();
        foreach (ref float number in unit.AsSpan())
            number *= factor;
        return unit;
    }

    private static float[] Unit(ReadOnlySpan<float> x, int lanes)
    {
        float squares = PlainFloat.Dot(x, x, lanes);
        float[] unit = x.ToArray();
        foreach (ref float number in unit.AsSpan())
            number = squares == 0 ? 0 : number / MathF.Sqrt(squares);
        return unit;
    }
}
