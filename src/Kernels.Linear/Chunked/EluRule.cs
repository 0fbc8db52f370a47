using Kernels.Abstractions;
using Kernels.Primitives;

namespace Kernels.Linear;

/// <summary>φ(x) = elu(x) + 1 of queries and keys.</summary>
internal sealed unsafe class EluRule<TSimd, TVector> : NormalisedRule<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public override void LoadKeys(AttentionProblem problem, ChunkScratch<TSimd, TVector> parts, int keys, float* k) =>
        EluFeature.Apply<TSimd, TVector>(keys, parts.HeadDim, k, parts.KeyFeatures, parts.FeatureStride);

    public override void LoadQueries(AttentionProblem problem, ChunkScratch<TSimd, TVector> parts, int queries, float* q) =>
        EluFeature.Apply<TSimd, TVector>(queries, parts.HeadDim, q, parts.QueryFeatures, parts.FeatureStride);
}
