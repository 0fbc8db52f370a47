using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;
using Kernels.Primitives.Matrices;

namespace Kernels.Linear;

/// <summary>
/// Positive random features. Each feature is kept relative to its largest exponent so far, and its row of the state is scaled down when
/// that grows, as in an online softmax; the exponents of a query are relative to their largest. So at least one product with the state is
/// near 1. Only where later keys of a chunk have far larger exponents can all products of a query underflow; such a row is computed again
/// without those keys.
/// </summary>
internal sealed unsafe class FavorRule<TSet>(FavorAttention operation) : NormalisedRule<TSet>
    where TSet : struct, IInstructionSet
{
    // Far above the smallest normal float32, 10⁻³⁸; a smaller sum may have lost digits to underflow.
    private const float SmallestSum = 1e-25f;

    private int Count => operation.Features;

    public override int Features(AttentionProblem problem) => Count;

    public override long ExtraLength(AttentionProblem problem) =>
        4 * Count + (long)Chunk * Count + Count * (long)InstructionSet.WholeVectors<TSet>(problem.HeadDim);

    public override void Begin(AttentionProblem problem, int kvHead, ChunkScratch<TSet> parts)
    {
        new Span<float>(Max(parts), Count).Fill(float.NegativeInfinity);
        new Span<float>(OldMax(parts), Count).Fill(float.NegativeInfinity);
    }

    public override void LoadKeys(AttentionProblem problem, ChunkScratch<TSet> parts, int keys, float* k)
    {
        RestoreState(parts);
        Project(parts.HeadDim, keys, k, Exponents(parts));
        float factor = MathF.Sqrt(MathF.Abs(problem.Scale));
        for (int key = 0; key < keys; key++)
        {
            float less = (float)(SumOfSquares(k + (nint)key * parts.HeadDim, parts.HeadDim) * -Math.Abs((double)problem.Scale) / 2);
            var exponents = new FavorExponents(Exponents(parts) + key * Count, factor, less, Count);
            TSet.Run(ref exponents);
        }
        GrowMax(parts, keys);
        for (int key = 0; key < keys; key++)
            Exponentiate(Exponents(parts) + key * Count, Max(parts), parts.KeyFeatures + key * Count);
    }

    public override void Absorb(ChunkScratch<TSet> parts, int keys, ValueMatrix<TSet> values)
    {
        base.Absorb(parts, keys, values);
        new ReadOnlySpan<float>(Max(parts), Count).CopyTo(new Span<float>(OldMax(parts), Count));
    }

    public override void LoadQueries(AttentionProblem problem, ChunkScratch<TSet> parts, int queries, float* q)
    {
        Project(parts.HeadDim, queries, q, parts.QueryFeatures);
        for (int query = 0; query < queries; query++)
            ExponentiateQuery(parts.QueryFeatures + query * Count, QueryFactor(problem), Max(parts));
    }

    public override void Finish(
        AttentionProblem problem, ChunkScratch<TSet> parts, int row, ReadOnlySpan<int> seen, float* q, float* v, float* output)
    {
        float* sums = stackalloc float[Chunk];
        Divide(parts, row, seen, output, sums);
        for (int i = 0; i < seen.Length; i++)
        {
            if (sums[i] < SmallestSum)
                ComputeAlone(problem, parts, seen[i], q + i * parts.HeadDim, v, new Span<float>(output + i * parts.HeadDim, parts.HeadDim));
        }
    }

    /// <summary>Largest exponent of each feature, over the keys of the state and the loaded ones.</summary>
    private float* Max(ChunkScratch<TSet> parts) => parts.Extra;

    /// <summary>The same over the keys of the state alone.</summary>
    private float* OldMax(ChunkScratch<TSet> parts) => parts.Extra + Count;

    /// <summary>FeatureSum before loaded keys scaled it down.</summary>
    private float* OldSum(ChunkScratch<TSet> parts) => parts.Extra + 2 * Count;

    private float* Row(ChunkScratch<TSet> parts) => parts.Extra + 3 * Count;

    /// <summary>Exponents of the loaded keys, [Chunk, features].</summary>
    private float* Exponents(ChunkScratch<TSet> parts) => parts.Extra + 4 * Count;

    /// <summary>Rows of the state before loaded keys scaled them down, [features, ValueStride].</summary>
    private float* OldState(ChunkScratch<TSet> parts) => Exponents(parts) + Chunk * Count;

    private float QueryFactor(AttentionProblem problem) => MathF.Sign(problem.Scale) * MathF.Sqrt(MathF.Abs(problem.Scale));

    /// <summary>product [rows, features] = x·directions.</summary>
    private void Project(int headDim, int rows, float* x, float* product)
    {
        fixed (float* directions = operation.Directions(headDim))
            PartialProduct<TSet>.Multiply(rows, headDim, Count, new MatrixView(x, headDim), new MatrixView(directions, Count), new MatrixView(product, Count));
    }

    private double SumOfSquares(float* x, int count)
    {
        double sum = 0;
        for (int c = 0; c < count; c++)
            sum += (double)x[c] * x[c];
        return sum;
    }

    /// <summary>Restores the state as it was before keys that were loaded but not absorbed scaled it.</summary>
    private void RestoreState(ChunkScratch<TSet> parts)
    {
        int stride = parts.ValueStride;
        for (int i = 0; i < Count; i++)
        {
            if (!WasScaled(parts, i))
                continue;
            new ReadOnlySpan<float>(OldState(parts) + (nint)i * stride, stride).CopyTo(new Span<float>(parts.State + (nint)i * stride, stride));
            parts.FeatureSum[i] = OldSum(parts)[i];
        }
        new ReadOnlySpan<float>(OldMax(parts), Count).CopyTo(new Span<float>(Max(parts), Count));
    }

    /// <summary>Whether the loaded keys raised the maximum of a feature that the state holds.</summary>
    private bool WasScaled(ChunkScratch<TSet> parts, int feature) =>
        !(Max(parts)[feature] <= OldMax(parts)[feature]) && !float.IsNegativeInfinity(OldMax(parts)[feature]);

    /// <summary>Raises the maxima to the exponents of the loaded keys, and scales down the state where one grew.</summary>
    private void GrowMax(ChunkScratch<TSet> parts, int keys)
    {
        float* max = Max(parts), oldMax = OldMax(parts), exponents = Exponents(parts);
        var maxima = new FavorMaxima(exponents, keys, max, Count);
        TSet.Run(ref maxima);
        int stride = parts.ValueStride;
        for (int i = 0; i < Count; i++)
        {
            OldSum(parts)[i] = parts.FeatureSum[i];
            if (!WasScaled(parts, i))
                continue;
            float* state = parts.State + (nint)i * stride, old = OldState(parts) + (nint)i * stride;
            float rescale = MathF.Exp(oldMax[i] - max[i]);
            new ReadOnlySpan<float>(state, stride).CopyTo(new Span<float>(old, stride));
            TSet.Scale(old, rescale, state, stride);
            parts.FeatureSum[i] *= rescale;
        }
    }

    private void Exponentiate(float* exponents, float* max, float* features)
    {
        var keyFeatures = new FavorKeyFeatures(exponents, max, features, Count);
        TSet.Run(ref keyFeatures);
    }

    private void ExponentiateQuery(float* features, float factor, float* max)
    {
        var queryFeatures = new FavorQueryFeatures(features, factor, max, Count);
        TSet.Run(ref queryFeatures);
    }

    /// <summary>One output row relative to the maxima of only the keys that it sees, in a scalar loop.</summary>
    private void ComputeAlone(
        AttentionProblem problem, ChunkScratch<TSet> parts, int seen, float* q, float* v, Span<float> output)
    {
        float factor = QueryFactor(problem), top = float.NegativeInfinity, sum = 0;
        float* exponents = Exponents(parts), row = Row(parts);
        Project(parts.HeadDim, 1, q, row);
        for (int i = 0; i < Count; i++)
            top = MathF.Max(top, row[i] * factor + MaxOf(parts, i, seen));
        output.Clear();
        for (int i = 0; i < Count; i++)
        {
            float max = MaxOf(parts, i, seen), feature = MathF.Exp(row[i] * factor + max - top), old = OldMax(parts)[i];
            if (!float.IsNegativeInfinity(old))
            {
                float* state = (WasScaled(parts, i) ? OldState(parts) : parts.State) + (nint)i * parts.ValueStride;
                float weight = feature * MathF.Exp(old - max);
                sum += weight * OldSum(parts)[i];
                AddScaled(state, weight, output);
            }
            for (int key = 0; key < seen; key++)
            {
                float weight = feature * MathF.Exp(exponents[key * Count + i] - max);
                sum += weight;
                AddScaled(v + (nint)key * parts.HeadDim, weight, output);
            }
        }
        foreach (ref float number in output)
            number /= sum;
    }

    private float MaxOf(ChunkScratch<TSet> parts, int feature, int seen)
    {
        float max = OldMax(parts)[feature];
        for (int key = 0; key < seen; key++)
            max = MathF.Max(max, Exponents(parts)[key * Count + feature]);
        return max;
    }

    private void AddScaled(float* source, float factor, Span<float> destination)
    {
        for (int c = 0; c < destination.Length; c++)
            destination[c] += factor * source[c];
    }
}
