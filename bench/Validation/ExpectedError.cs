using Kernels.Abstractions;
using Kernels.Reference;

namespace Kernels.Bench.Validation;

/// <summary>
/// The error that float32 is expected to make, so that a base which is right by luck does not reject a kernel that is not: from a model of
/// each rounding where there is one (<see cref="RoundingNoise"/>), and otherwise what the oracle gives when every input is moved by one unit in
/// the last place, up or down at random. A computation that is as far off has lost no more than its inputs had lost already.
/// </summary>
internal static class ExpectedError
{
    // One throw of dice says little of a single row; among many rows the worst one decides.
    private const int FewRows = 16, SamplesOfFewRows = 4;

    /// <summary>Size of the expected error of each number of some rows of a head, [rows, headDim].</summary>
    /// <param name="definition">The function.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="headIndex">The head, counted through all batches.</param>
    /// <param name="queries">The rows, ascending.</param>
    /// <param name="gold">What the oracle gives for them, [rows, headDim].</param>
    public static double[] Rows(
        Definition definition, AttentionInputs inputs, int headIndex, ReadOnlySpan<int> queries, ReadOnlySpan<double> gold)
    {
        AttentionProblem problem = inputs.Problem;
        int d = problem.HeadDim;
        double[] errors = new double[gold.Length];
        if (Oracle.SharesWork(definition))
        {
            int samples = queries.Length <= FewRows ? SamplesOfFewRows : 1;
            double[] moved = new double[errors.Length];
            for (int sample = 0; sample < samples; sample++)
            {
                Oracle.Rows(
                    definition, problem, headIndex % problem.Heads, queries, Moved(inputs.HeadQ(headIndex), headIndex, sample),
                    Moved(inputs.HeadK(headIndex), headIndex, sample), Moved(inputs.HeadV(headIndex), headIndex, sample), moved);
                for (int i = 0; i < errors.Length; i++)
                    errors[i] += (moved[i] - gold[i]) * (moved[i] - gold[i]) / samples;
            }
            if (definition is LinformerDefinition linformer)
                AddSoftmaxNoise(linformer, inputs, headIndex, queries, gold, errors);
            foreach (ref double error in errors.AsSpan())
                error = Math.Sqrt(error);
            return errors;
        }
        for (int row = 0; row < queries.Length; row++)
        {
            Span<double> variance = errors.AsSpan(row * d, d);
            RoundingNoise.Row(
                definition, problem, queries[row], inputs.HeadQ(headIndex), inputs.HeadK(headIndex), inputs.HeadV(headIndex),
                gold.Slice(row * d, d), variance, inputs.Precision);
            foreach (ref double error in variance)
                error = ToleranceRule.ExpectedErrors * Math.Sqrt(error);
        }
        return errors;
    }

    /// <summary>Adds what the softmax over projected keys is expected to lose, squared.</summary>
    private static void AddSoftmaxNoise(
        LinformerDefinition definition, AttentionInputs inputs, int headIndex, ReadOnlySpan<int> queries, ReadOnlySpan<double> gold,
        double[] squares)
    {
        int d = inputs.Problem.HeadDim;
        var projected = new AttentionProblem(1, 1, 1, 1, definition.Length, d, scale: inputs.Problem.Scale);
        float[] keys = PlainLinformer.Project(definition, inputs.HeadK(headIndex), d, lanes: 1);
        float[] values = PlainLinformer.Project(definition, inputs.HeadV(headIndex), d, lanes: 1);
        double[] variance = new double[d];
        for (int row = 0; row < queries.Length; row++)
        {
            RoundingNoise.Row(
                Definition.Softmax, projected, 0, inputs.HeadQ(headIndex).Slice(queries[row] * d, d), keys, values, gold.Slice(row * d, d), variance);
            for (int c = 0; c < d; c++)
                squares[row * d + c] += ToleranceRule.ExpectedErrors * ToleranceRule.ExpectedErrors * variance[c];
        }
    }

    private static float[] Moved(ReadOnlySpan<float> numbers, int headIndex, int sample)
    {
        var random = new SeededNormal(headIndex, sample, numbers.Length);
        float[] moved = new float[numbers.Length];
        for (int i = 0; i < moved.Length; i++)
            moved[i] = random.NextIndex(2) == 0 ? float.BitIncrement(numbers[i]) : float.BitDecrement(numbers[i]);
        return moved;
    }
}
