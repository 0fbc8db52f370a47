using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;
using Kernels.Primitives.Matrices;

namespace Kernels.Linear;

/// <summary>
/// The delta rule: key i stores uᵢ = vᵢ − k̂ᵢᵀS, where S already holds the keys before it, so U = V − K̂S₀ − tril(K̂K̂ᵀ, −1)·U. That
/// triangular system is solved by forward substitution in blocks of rows; then S = S₀ + K̂ᵀU, as in plain linear attention with U for V.
/// </summary>
internal sealed unsafe class DeltaRule<TSet> : ChunkRule<TSet>
    where TSet : struct, IInstructionSet
{
    public override long ExtraLength(AttentionProblem problem) =>
        Chunk + Chunk * Chunk + Chunk * (long)InstructionSet.WholeVectors<TSet>(problem.HeadDim);

    public override void LoadKeys(AttentionProblem problem, ChunkScratch<TSet> parts, int keys, float* k) =>
        CopyUnit(parts, keys, k, parts.KeyFeatures);

    public override void LoadQueries(AttentionProblem problem, ChunkScratch<TSet> parts, int queries, float* q) =>
        CopyUnit(parts, queries, q, parts.QueryFeatures);

    public override ValueMatrix<TSet> LoadValues(ChunkScratch<TSet> parts, int keys, float* v)
    {
        int stride = parts.ValueStride;
        float* stored = Stored(parts);
        var features = new MatrixView(parts.KeyFeatures, parts.FeatureStride);
        var rows = new MatrixView(stored, stride);
        PartialProduct<TSet>.Multiply(keys, parts.Features, stride, features, new MatrixView(parts.State, stride), rows);
        SubtractFrom(v, keys, parts.HeadDim, stored, stride);
        var products = new MatrixView(Products(parts), Chunk);
        for (int begin = 0; begin < keys; begin += TSet.MatrixRows)
        {
            int end = Math.Min(keys, begin + TSet.MatrixRows), lanes = InstructionSet.WholeVectors<TSet>(end);
            MatrixView block = products.From(begin, 0);
            PartialProduct<TSet>.Multiply(end - begin, parts.Features, lanes, features.From(begin, 0), new MatrixView(parts.KeyLanes, Chunk), block);
            TSet.Scale(block.Start, -1, block.Start, (end - begin) * Chunk);
            if (begin > 0)
                TSet.MultiplyMatrix(end - begin, begin, stride, block, rows, rows.From(begin, 0), add: true);
            for (int row = begin + 1; row < end; row++)
                for (int earlier = begin; earlier < row; earlier++)
                    TSet.AddScaled(stored + earlier * stride, products.From(row, earlier).Start[0], stored + row * stride, stride);
        }
        return new(stored, keys, stride, tail: null);
    }

    public override void Finish(
        AttentionProblem problem, ChunkScratch<TSet> parts, int row, ReadOnlySpan<int> seen, float* q, float* v, float* output) =>
        Write(parts, row, seen.Length, 1, output);

    private static float* Products(ChunkScratch<TSet> parts) => parts.Extra + Chunk;

    /// <summary>U, [Chunk, ValueStride].</summary>
    private static float* Stored(ChunkScratch<TSet> parts) => parts.Extra + Chunk + Chunk * Chunk;

    private static void CopyUnit(ChunkScratch<TSet> parts, int rows, float* source, float* destination)
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
            TSet.Subtract(v, rows, rows, channels);
    }
}
