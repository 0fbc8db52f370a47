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
        AttentionProblem problem, ChunkScratch<TSet> parts, int row, ReadOnlySpan<int> seen, float* q, float* v, float* output)
    {
        float* sums = stackalloc float[Chunk];
        Divide(parts, row, seen, output, sums);
    }

    /// <summary>
    /// Divides Sums, from <paramref name="row"/> on, by the sums of weights: φ(q)·Σφ(k) over the keys of the state, and the weights of the
    /// loaded keys.
    /// </summary>
    /// <param name="parts">Features, weights and sums of the chunk.</param>
    /// <param name="row">The first query.</param>
    /// <param name="seen">How many of the loaded keys each query sees.</param>
    /// <param name="output">[queries, headDim].</param>
    /// <param name="sums">Receives the sums of weights, [queries].</param>
    protected static void Divide(ChunkScratch<TSet> parts, int row, ReadOnlySpan<int> seen, float* output, float* sums)
    {
        fixed (int* ends = seen)
        {
            var weightSums = new WeightSums(
                parts.QueryFeatures + row * parts.FeatureStride, parts.FeatureSum, parts.FeatureStride, parts.Weights + row * Chunk, ends, seen.Length, sums);
            TSet.Run(ref weightSums);
        }
        TSet.DivideRows(parts.Sums + row * parts.ValueStride, parts.ValueStride, sums, output, parts.HeadDim, seen.Length, parts.HeadDim);
    }

    /// <summary>The dot product of the features of each query with the feature sums, plus its weights, in one vector reduced at the end.</summary>
    private readonly struct WeightSums(float* features, float* featureSums, int stride, float* weights, int* seen, int queries, float* sums) : IVectorKernel
    {
        public void Run<TSimd, TVector>()
            where TSimd : struct, ISimd<TVector>
            where TVector : unmanaged
        {
            float* query = features, row = weights;
            for (int i = 0; i < queries; i++, query += stride, row += Chunk)
            {
                TVector sum = default;
                for (int c = 0; c < stride; c += TSimd.Width)
                    sum = TSimd.MultiplyAdd(TSimd.Load(query + c), TSimd.Load(featureSums + c), sum);
                for (int lane = 0; lane < seen[i]; lane += TSimd.Width)
                    sum = TSimd.Add(sum, TSimd.Load(row + lane));
                sums[i] = TSimd.SumAcross(sum);
            }
        }
    }
}
