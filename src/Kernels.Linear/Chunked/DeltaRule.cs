using Kernels.Abstractions;
using Kernels.Primitives;

namespace Kernels.Linear;

/// <summary>
/// The delta rule: key i stores uᵢ = vᵢ − k̂ᵢᵀS, where S already holds the keys before it, so U = V − K̂S₀ − tril(K̂K̂ᵀ, −1)·U. That triangular
/// system is solved from the top, a block of rows at a time; then S = S₀ + K̂ᵀU, as in plain linear attention with U for V.
/// </summary>
internal sealed unsafe class DeltaRule<TSimd, TVector> : ChunkRule<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public override long ExtraLength(AttentionProblem problem) =>
        Chunk + Chunk * Chunk + Chunk * (long)ValueMatrix<TSimd, TVector>.PaddedChannels(problem.HeadDim);

    public override void LoadKeys(AttentionProblem problem, ChunkScratch<TSimd, TVector> parts, int keys, float* k) =>
        CopyUnit(parts, keys, k, parts.KeyFeatures);

    public override void LoadQueries(AttentionProblem problem, ChunkScratch<TSimd, TVector> parts, int queries, float* q) =>
        CopyUnit(parts, queries, q, parts.QueryFeatures);

    public override ValueMatrix<TSimd, TVector> LoadValues(ChunkScratch<TSimd, TVector> parts, int keys, float* v)
    {
        int stride = parts.ValueStride;
        float* stored = Stored(parts);
        var features = new MatrixView(parts.KeyFeatures, parts.FeatureStride);
        var rows = new MatrixView(stored, stride);
        PartialProduct.Multiply<TSimd, TVector>(keys, parts.Features, stride, features, new MatrixView(parts.State, stride), rows);
        SubtractFrom(v, keys, parts.HeadDim, stored, stride);
        var products = new MatrixView(Products(parts), Chunk);
        for (int begin = 0; begin < keys; begin += MatrixProduct.BlockRows)
        {
            int end = Math.Min(keys, begin + MatrixProduct.BlockRows), lanes = QueryLanes.Count<TSimd, TVector>(end);
            MatrixView block = products.From(begin, 0);
            PartialProduct.Multiply<TSimd, TVector>(end - begin, parts.Features, lanes, features.From(begin, 0), new MatrixView(parts.KeyLanes, Chunk), block);
            Negate(block.Start, (end - begin) * Chunk);
            if (begin > 0)
                MatrixProduct.Multiply<TSimd, TVector>(end - begin, begin, stride, block, rows, rows.From(begin, 0), add: true);
            for (int row = begin + 1; row < end; row++)
                for (int earlier = begin; earlier < row; earlier++)
                    AddScaled(stored + earlier * stride, products.From(row, earlier).Start[0], stored + row * stride, stride);
        }
        return new(stored, keys, stride, tail: null);
    }

    public override void Finish(
        AttentionProblem problem, ChunkScratch<TSimd, TVector> parts, int row, int seen, ReadOnlySpan<float> q, float* v, Span<float> output) =>
        OutputRow.Write<TSimd, TVector>(parts.Sums + row * parts.ValueStride, 1, output);

    private static float* Products(ChunkScratch<TSimd, TVector> parts) => parts.Extra + Chunk;

    /// <summary>U, [Chunk, ValueStride].</summary>
    private static float* Stored(ChunkScratch<TSimd, TVector> parts) => parts.Extra + Chunk + Chunk * Chunk;

    private static void CopyUnit(ChunkScratch<TSimd, TVector> parts, int rows, float* source, float* destination)
    {
        float* factors = parts.Extra;
        for (int row = 0; row < rows; row++)
            factors[row] = UnitLength.Factor(new ReadOnlySpan<float>(source + (nint)row * parts.HeadDim, parts.HeadDim));
        CopyScaled(rows, parts.HeadDim, source, destination, parts.FeatureStride, factors);
    }

    /// <summary>rows = v − rows.</summary>
    private static void SubtractFrom(float* v, int keys, int channels, float* rows, int stride)
    {
        for (int key = 0; key < keys; key++, v += channels, rows += stride)
        {
            int c = 0;
            for (; c <= channels - TSimd.Width; c += TSimd.Width)
                TSimd.Store(TSimd.Subtract(TSimd.Load(v + c), TSimd.Load(rows + c)), rows + c);
            for (; c < channels; c++)
                rows[c] = v[c] - rows[c];
        }
    }

    private static void Negate(float* numbers, int count)
    {
        for (int i = 0; i < count; i += TSimd.Width)
            TSimd.Store(TSimd.Subtract(default, TSimd.Load(numbers + i)), numbers + i);
    }

    private static void AddScaled(float* source, float factor, float* destination, int length)
    {
        for (int c = 0; c < length; c += TSimd.Width)
            TSimd.Store(TSimd.MultiplyAdd(TSimd.Load(source + c), TSimd.Create(factor), TSimd.Load(destination + c)), destination + c);
    }
}
