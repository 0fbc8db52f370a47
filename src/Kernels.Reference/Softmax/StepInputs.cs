using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// The state that a step continues: output and log-sum-exp of earlier keys. One row in eight has seen no key. The log-sum-exp is near the
/// score of a key that the query sees, or half or twice as large where scores are huge, so that neither the state nor the block dominates
/// every row.
/// </summary>
internal static class StepInputs
{
    private const int StateStream = 5, RowsPerUnseen = 8;

    /// <summary>Fills o and lse; q, k and v are filled already.</summary>
    public static void FillState(Inputs inputs, AttentionProblem problem, InputFamily family, int seed)
    {
        Span<float> o = inputs["o"], lse = inputs["lse"];
        for (int headIndex = 0; headIndex < problem.Batch * problem.Heads; headIndex++)
        {
            var random = new SeededNormal(seed, (int)family, StateStream, headIndex);
            ReadOnlySpan<float> k = inputs.HeadK(headIndex), v = inputs.HeadV(headIndex);
            for (int query = 0; query < problem.Queries; query++)
            {
                int row = headIndex * problem.Queries + query, key = random.NextIndex(problem.Keys), value = random.NextIndex(problem.Keys);
                double deviate = random.Next();
                if (random.NextIndex(RowsPerUnseen) == 0)
                {
                    lse[row] = float.NegativeInfinity;
                    continue;
                }
                ReadOnlySpan<float> q = inputs.HeadQ(headIndex).Slice(query * problem.HeadDim, problem.HeadDim);
                KeyRange visible = problem.VisibleKeys(query);
                if (!visible.IsEmpty)
                    key = visible.Begin + key % visible.Length;
                double score = CompensatedSum.Dot(q, k.Slice(key * problem.HeadDim, problem.HeadDim)) * problem.Scale;
                // Huge scores absorb an offset, and the rounding of the state alone would decide between it and the key.
                lse[row] = (float)(family == InputFamily.HugeScores
                    ? Math.Abs(score) * (deviate > 0 ? 2 : 0.5)
                    : score + 1.5 * deviate + 0.5 * Math.Log(problem.Keys));
                Span<float> output = o.Slice(row * problem.ValueDim, problem.ValueDim);
                for (int c = 0; c < output.Length; c++)
                    output[c] = 0.5f * v[value * problem.ValueDim + c] + 0.3f * (float)random.Next();
            }
        }
    }
}
