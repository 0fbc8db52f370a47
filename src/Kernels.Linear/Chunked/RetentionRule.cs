using Kernels.Abstractions;
using Kernels.Primitives.InstructionSets;
using Kernels.Primitives.Matrices;

namespace Kernels.Linear;

/// <summary>
/// Retention: for a query that sees n loaded keys the state has the factor γⁿ, and the key j places before its own the factor γʲ.
/// </summary>
internal sealed unsafe class RetentionRule<TSet>(RetentionAttention operation) : ChunkRule<TSet>
    where TSet : struct, IInstructionSet
{
    public override long ExtraLength(AttentionProblem problem) => DecayPowers.Length;

    public override void Begin(AttentionProblem problem, int kvHead, ChunkScratch<TSet> parts) => Powers(parts).Fill(operation.Decay(kvHead));

    public override void LoadKeys(AttentionProblem problem, ChunkScratch<TSet> parts, int keys, float* k) =>
        Copy(keys, parts.HeadDim, k, parts.KeyFeatures, parts.FeatureStride);

    public override void LoadQueries(AttentionProblem problem, ChunkScratch<TSet> parts, int queries, float* q) =>
        Copy(queries, parts.HeadDim, q, parts.QueryFeatures, parts.FeatureStride);

    public override void Absorb(ChunkScratch<TSet> parts, int keys, ValueMatrix<TSet> values)
    {
        DecayPowers powers = Powers(parts);
        powers.Decay<TSet>(parts.State, (nint)parts.Features * parts.ValueStride, keys);
        for (int key = 0; key < keys; key++)
        {
            float* row = parts.KeyFeatures + key * parts.FeatureStride;
            TSet.Scale(row, powers.Of(keys - 1 - key), row, parts.FeatureStride);
        }
        AddToState(parts, keys, values);
    }

    public override void ReadState(ChunkScratch<TSet> parts, ReadOnlySpan<int> seen)
    {
        for (int row = 0; row < seen.Length; row++)
        {
            float* sums = parts.Sums + row * parts.ValueStride;
            TSet.Scale(sums, Powers(parts).Of(seen[row]), sums, parts.ValueStride);
        }
    }

    public override void Weigh(ChunkScratch<TSet> parts, int row, ReadOnlySpan<int> seen)
    {
        for (int i = 0; i < seen.Length; i++)
        {
            float* weights = parts.Weights + (row + i) * Chunk;
            TSet.Multiply(weights, Powers(parts).OfRow(seen[i]), weights, InstructionSet.WholeVectors<TSet>(seen[i]));
        }
    }

    public override void Finish(
        AttentionProblem problem, ChunkScratch<TSet> parts, int row, ReadOnlySpan<int> seen, float* q, float* v, float* output) =>
        Write(parts, row, seen.Length, problem.Scale, output);

    private static DecayPowers Powers(ChunkScratch<TSet> parts) => new(parts.Extra);
}
