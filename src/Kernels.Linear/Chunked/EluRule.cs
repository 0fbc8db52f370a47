using Kernels.Abstractions;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Linear;

/// <summary>φ(x) = elu(x) + 1 of queries and keys.</summary>
internal sealed unsafe class EluRule<TSet> : NormalisedRule<TSet>
    where TSet : struct, IInstructionSet
{
    public override void LoadKeys(AttentionProblem problem, ChunkScratch<TSet> parts, int keys, float* k) =>
        EluFeature.Apply<TSet>(keys, parts.HeadDim, k, parts.KeyFeatures, parts.FeatureStride);

    public override void LoadQueries(AttentionProblem problem, ChunkScratch<TSet> parts, int queries, float* q) =>
        EluFeature.Apply<TSet>(queries, parts.HeadDim, q, parts.QueryFeatures, parts.FeatureStride);
}
