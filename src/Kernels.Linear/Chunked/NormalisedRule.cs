using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;
using Kernels.Primitives.Matrices;

namespace Kernels.Linear;

/// <summary>Positive features, whose products are weights: the output is divided by their sum.</summary>
internal abstract unsafe class NormalisedRule<TSet> : ChunkRule<TSet>
    where TSet : struct, IInstructionSet
{
    public override void Absorb(ChunkScratch<TSet> parts, int keys, ValueMatrix<TSet> values)
    {
        AddToState(parts, keys, values);
        var sums = new ColumnSums(keys, parts.FeatureStride, parts.KeyFeatures, parts.FeatureSum);
        TSet.Run(ref sums);
    }

    public override void Finish(
        AttentionProblem problem, ChunkScratch<TSet> parts, int row, int seen, ReadOnlySpan<float> q, float* v, Span<float> output) =>
        Write(parts, row, 1 / SumOfWeights(parts, row, seen), output);

    /// <summary>φ(q)·Σφ(k) over the keys of the state, and the weights of the loaded keys.</summary>
    protected static float SumOfWeights(ChunkScratch<TSet> parts, int row, int seen)
    {
        var sum = new WeightSum(
            parts.QueryFeatures + row * parts.FeatureStride, parts.FeatureSum, parts.FeatureStride, parts.Weights + row * Chunk, seen);
        TSet.Run(ref sum);
        return sum.Result;
    }

    /// <summary>sums += the sum of each column of features [keys, stride], which are summed separately first.</summary>
    private readonly struct ColumnSums(int keys, int stride, float* features, float* sums) : IVectorKernel
    {
        public void Run<TSimd, TVector>()
            where TSimd : struct, ISimd<TVector>
            where TVector : unmanaged
        {
            for (int c = 0; c < stride; c += TSimd.Width)
            {
                TVector sum = default;
                for (int key = 0; key < keys; key++)
                    sum = TSimd.Add(sum, TSimd.Load(features + key * stride + c));
                TSimd.Store(TSimd.Add(sum, TSimd.Load(sums + c)), sums + c);
            }
        }
    }

    /// <summary>The dot product of features and feature sums, plus the sum of weights, in one vector reduced at the end.</summary>
    private struct WeightSum(float* features, float* featureSums, int stride, float* weights, int seen) : IVectorKernel
    {
        public float Result { get; private set; }

        public void Run<TSimd, TVector>()
            where TSimd : struct, ISimd<TVector>
            where TVector : unmanaged
        {
            TVector sum = default;
            for (int c = 0; c < stride; c += TSimd.Width)
                sum = TSimd.MultiplyAdd(TSimd.Load(features + c), TSimd.Load(featureSums + c), sum);
            for (int lane = 0; lane < seen; lane += TSimd.Width)
                sum = TSimd.Add(sum, TSimd.Load(weights + lane));
            Result = TSimd.SumAcross(sum);
        }
    }
}
