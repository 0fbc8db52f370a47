using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// The inputs of the backward pass of linear attention or retention: q, k and v of a family, dO distributed as the values are, and where it is an input
/// the output o of linear attention, computed in float64 and rounded to float32.
/// </summary>
internal static class LinearBackwardInputs
{
    private static readonly LinearEluReference forward = new(Operations.LinearElu);

    /// <summary>Creates them from a seed.</summary>
    public static Inputs Create(LinearBackward operation, AttentionProblem problem, InputFamily family, int seed, Lazy<CapturedHeads>? captured)
    {
        var inputs = new Inputs(problem, operation.Operands(problem, Format.Float32));
        AttentionInputs.Fill(inputs, problem, family, seed, captured);
        BackwardInputs.FillGradients(inputs, problem, family, seed);
        if (!operation.TakesOutput)
            return inputs;
        LinearEluReference.Raise(inputs);
        if (problem.Mask is FullMask or CausalMask)
            Parallel.For(0, problem.Batch * problem.Heads, headIndex => FillByState(inputs, problem, headIndex));
        else
            Parallel.For(0, problem.Batch * problem.Heads * problem.Queries, row => FillRow(inputs, problem, row));
        return inputs;
    }

    // Pair by pair would take minutes on the lengths that linear attention is for.
    private static void FillByState(Inputs inputs, AttentionProblem problem, int headIndex)
    {
        int d = problem.HeadDim, valueDim = problem.ValueDim, seen = 0;
        ReadOnlySpan<float> q = inputs.HeadQ(headIndex), k = inputs.HeadK(headIndex), v = inputs.HeadV(headIndex);
        Span<float> output = inputs["o"].Slice(headIndex * problem.Queries * valueDim, problem.Queries * valueDim);
        // The last number of a row is the sum of the features.
        double[] sums = new double[valueDim + 1], value = new double[valueDim + 1];
        double[][] state = [.. Enumerable.Range(0, d).Select(_ => new double[valueDim + 1])];
        value[valueDim] = 1;
        for (int query = 0; query < problem.Queries; query++)
        {
            for (int end = problem.VisibleKeys(query).End; seen < end; seen++)
            {
                for (int c = 0; c < valueDim; c++)
                    value[c] = v[seen * valueDim + c];
                for (int i = 0; i < d; i++)
                    DoubleRow.AddScaled(value, LinearEluReference.Feature(k[seen * d + i]), state[i]);
            }
            Array.Clear(sums);
            for (int i = 0; i < d; i++)
                DoubleRow.AddScaled(state[i], LinearEluReference.Feature(q[query * d + i]), sums);
            for (int c = 0; c < valueDim; c++)
                output[query * valueDim + c] = seen == 0 ? 0 : (float)(sums[c] / sums[valueDim]);
        }
    }

    private static void FillRow(Inputs inputs, AttentionProblem problem, int row)
    {
        (int headIndex, int query) = Math.DivRem(row, problem.Queries);
        double[] values = new double[problem.ValueDim];
        forward.Gold(inputs, new(0, headIndex, [query]), values);
        for (int c = 0; c < values.Length; c++)
            inputs["o"][row * values.Length + c] = (float)values[c];
    }
}
