using Kernels.Abstractions;
using Kernels.Naive;

namespace Kernels.Bench.Validation;

/// <summary>What plain float32 loses in one output row. Numbers that are not finite are left out.</summary>
/// <param name="BaseError">Largest |base − gold| of all ways, and not less than twice the expected error.</param>
/// <param name="GoldMax">Largest |gold|.</param>
/// <param name="GoldSquares">Σ gold².</param>
/// <param name="BaseSquares">Σ (base − gold)², of each way, and last the square of twice the expected error.</param>
/// <param name="BaseIsNaN">Whether every way gives NaN: float32 cannot compute the row, for example because all features underflow.</param>
internal sealed record ReferenceRow(double BaseError, double GoldMax, double GoldSquares, double[] BaseSquares, bool BaseIsNaN)
{
    /// <summary>Computes the row of the oracle into <paramref name="gold"/> [headDim], and the base's errors.</summary>
    /// <param name="definition">The function.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="headIndex">The head, counted through all batches.</param>
    /// <param name="query">The row.</param>
    /// <param name="recurrent">The row by <see cref="PlainRecurrent"/>, which then takes the place of the last way; or nothing.</param>
    /// <param name="gold">[headDim].</param>
    public static ReferenceRow Compute(
        Definition definition, AttentionInputs inputs, int headIndex, int query, ReadOnlySpan<float> recurrent, Span<double> gold)
    {
        AttentionProblem problem = inputs.Problem;
        (int batch, int head) = Math.DivRem(headIndex, problem.Heads);
        int kvIndex = batch * problem.KvHeads + problem.KvHead(head);
        int queryBlock = problem.Queries * problem.HeadDim, keyBlock = problem.Keys * problem.HeadDim;
        ReadOnlySpan<float> q = inputs.Q.Span.Slice(headIndex * queryBlock, queryBlock);
        ReadOnlySpan<float> k = inputs.K.Span.Slice(kvIndex * keyBlock, keyBlock);
        ReadOnlySpan<float> v = inputs.V.Span.Slice(kvIndex * keyBlock, keyBlock);
        if (!problem.Mask.IsContiguous)
        {
            if (VisibleTokens.Of(problem, head, query, q, k, v) is not { } seen)
                return new(0, 0, 0, new double[PlainFloat.Ways + 1], BaseIsNaN: false);
            (problem, query) = (seen.Problem, 0);
            q = seen.Q;
            k = seen.K;
            v = seen.V;
        }
        Oracle.Row(definition, problem, query, q, k, v, gold);

        double baseError = 0, goldMax = 0, goldSquares = 0;
        foreach (double number in gold)
        {
            if (!double.IsFinite(number))
                continue;
            goldMax = Math.Max(goldMax, Math.Abs(number));
            goldSquares += number * number;
        }
        double[] baseSquares = new double[PlainFloat.Ways + 1];
        void AddError(double error, int way)
        {
            // Where an input is not finite, neither need the error be.
            if (!double.IsFinite(error))
                return;
            baseError = Math.Max(baseError, Math.Abs(error));
            baseSquares[way] += error * error;
        }

        float[] plain = new float[problem.HeadDim];
        bool baseIsNaN = true;
        for (int way = 0; way < PlainFloat.Ways; way++)
        {
            if (way == PlainFloat.Ways - 1 && !recurrent.IsEmpty)
                recurrent.CopyTo(plain);
            else
                PlainFloat.Row(definition, problem, query, q, k, v, way, plain);
            baseIsNaN &= plain.All(float.IsNaN);
            for (int c = 0; c < plain.Length; c++)
                AddError(plain[c] - gold[c], way);
        }
        double[] variance = new double[problem.HeadDim];
        RoundingNoise.Row(definition, problem, query, q, k, v, gold, variance);
        for (int c = 0; c < variance.Length; c++)
            AddError(ToleranceRule.ExpectedErrors * Math.Sqrt(variance[c]), PlainFloat.Ways);
        return new(baseError, goldMax, goldSquares, baseSquares, baseIsNaN);
    }
}
