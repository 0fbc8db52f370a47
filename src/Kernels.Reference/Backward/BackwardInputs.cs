using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// The inputs of a backward pass: q, k and v of a family, dO distributed as the values are, and o and lse of the forward pass, computed in
/// float64 and rounded to float32.
/// </summary>
internal static class BackwardInputs
{
    private static readonly SoftmaxReference forward = new(Operations.SoftmaxLse);

    /// <summary>Creates them from a seed.</summary>
    public static Inputs Create(AttentionProblem problem, InputFamily family, int seed, Lazy<CapturedHeads>? captured)
    {
        var inputs = new Inputs(problem, Operations.SoftmaxBackward.Operands(problem, Format.Float32));
        AttentionInputs.Fill(inputs, problem, family, seed, captured);
        FillGradients(inputs, problem, family, seed);
        Parallel.For(0, problem.Batch * problem.Heads * problem.Queries, row => FillOutput(inputs, problem, row));
        return inputs;
    }

    /// <summary>Fills dO, distributed as the values are.</summary>
    public static void FillGradients(Inputs inputs, AttentionProblem problem, InputFamily family, int seed)
    {
        int length = problem.Queries * problem.ValueDim;
        for (int index = 0; index < problem.Batch * problem.Heads; index++)
        {
            (int batch, int head) = Math.DivRem(index, problem.Heads);
            new InputGenerator(problem, family, seed, batch, problem.KvHead(head)).FillGradients(inputs["do"].Slice(index * length, length), index);
        }
    }

    private static void FillOutput(Inputs inputs, AttentionProblem problem, int row)
    {
        (int headIndex, int query) = Math.DivRem(row, problem.Queries);
        double[] values = new double[problem.ValueDim + 1];
        forward.Gold(inputs, new(0, headIndex, [query]), values);
        Span<float> output = inputs["o"].Slice(row * problem.ValueDim, problem.ValueDim);
        for (int c = 0; c < output.Length; c++)
            output[c] = (float)values[c];
        inputs["lse"][row] = (float)values[^1];
    }
}
