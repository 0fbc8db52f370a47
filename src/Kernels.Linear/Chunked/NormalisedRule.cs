using Kernels.Abstractions;
using Kernels.Primitives;

namespace Kernels.Linear;

/// <summary>Positive features, whose products are weights: the output is divided by their sum.</summary>
internal abstract unsafe class NormalisedRule<TSimd, TVector> : ChunkRule<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public override void Absorb(ChunkScratch<TSimd, TVector> parts, int keys, ValueMatrix<TSimd, TVector> values)
    {
        AddToState(parts, keys, values);
        for (int c = 0; c < parts.FeatureStride; c += TSimd.Width)
        {
            TVector sum = default;
            for (int key = 0; key < keys; key++)
                sum = TSimd.Add(sum, TSimd.Load(parts.KeyFeatures + key * parts.FeatureStride + c));
            TSimd.Store(TSimd.Add(sum, TSimd.Load(parts.FeatureSum + c)), parts.FeatureSum + c);
        }
    }

    public override void Finish(
        AttentionProblem problem, ChunkScratch<TSimd, TVector> parts, int row, int seen, ReadOnlySpan<float> q, float* v, Span<float> output) =>
        OutputRow.Write<TSimd, TVector>(parts.Sums + row * parts.ValueStride, 1 / SumOfWeights(parts, row, seen), output);

    /// <summary>φ(q)·Σφ(k) over the keys of the state, and the weights of the loaded keys.</summary>
    protected static float SumOfWeights(ChunkScratch<TSimd, TVector> parts, int row, int seen)
    {
        TVector sum = default;
        float* features = parts.QueryFeatures + row * parts.FeatureStride;
        for (int c = 0; c < parts.FeatureStride; c += TSimd.Width)
            sum = TSimd.MultiplyAdd(TSimd.Load(features + c), TSimd.Load(parts.FeatureSum + c), sum);
        for (int lane = 0; lane < seen; lane += TSimd.Width)
            sum = TSimd.Add(sum, TSimd.Load(parts.Weights + row * Chunk + lane));
        return TSimd.SumAcross(sum);
    }
}
