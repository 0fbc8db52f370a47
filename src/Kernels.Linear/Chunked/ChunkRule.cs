using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;
using Kernels.Primitives.Matrices;

namespace Kernels.Linear;

/// <summary>
/// The parts of <see cref="ChunkedHead{TSet}"/> that differ between kinds of linear attention. A rule is immutable; its state for a head
/// is in the scratch. By default, the state is the sum of k·vᵀ of the features.
/// </summary>
internal abstract unsafe class ChunkRule<TSet>
    where TSet : struct, IInstructionSet
{
    protected const int Chunk = ChunkLayout.Chunk;

    /// <summary>Features of a key.</summary>
    public virtual int Features(AttentionProblem problem) => problem.HeadDim;

    /// <summary>Floats of <see cref="ChunkScratch{TSet}.Extra"/>.</summary>
    public virtual long ExtraLength(AttentionProblem problem) => 0;

    /// <summary>Called before the first key of a head, when the state is zero.</summary>
    public virtual void Begin(AttentionProblem problem, int kvHead, ChunkScratch<TSet> parts)
    {
    }

    /// <summary>Computes the features of up to a chunk of new keys: KeyFeatures [keys, FeatureStride].</summary>
    public abstract void LoadKeys(AttentionProblem problem, ChunkScratch<TSet> parts, int keys, float* k);

    /// <summary>The values of the loaded keys; called after <see cref="LoadKeys"/>.</summary>
    public virtual ValueMatrix<TSet> LoadValues(ChunkScratch<TSet> parts, int keys, float* v) =>
        new(v, keys, parts.HeadDim, parts.ValueTail);

    /// <summary>Adds the loaded keys to the state.</summary>
    public virtual void Absorb(ChunkScratch<TSet> parts, int keys, ValueMatrix<TSet> values) =>
        AddToState(parts, keys, values);

    /// <summary>Computes the features of the queries of a chunk: QueryFeatures [queries, FeatureStride].</summary>
    public abstract void LoadQueries(AttentionProblem problem, ChunkScratch<TSet> parts, int queries, float* q);

    /// <summary>
    /// Modifies Sums, which the queries read from the state; each query sees the first <paramref name="seen"/> [row] of the loaded keys.
    /// </summary>
    public virtual void ReadState(ChunkScratch<TSet> parts, ReadOnlySpan<int> seen)
    {
    }

    /// <summary>
    /// Modifies the products of some queries with the loaded keys, Weights from <paramref name="row"/> on; each query sees the first
    /// <paramref name="seen"/> of them.
    /// </summary>
    public virtual void Weigh(ChunkScratch<TSet> parts, int row, ReadOnlySpan<int> seen)
    {
    }

    /// <summary>Writes the output rows of queries that see a key, from Sums [row] on.</summary>
    /// <param name="problem">Shapes and scale.</param>
    /// <param name="parts">Features, weights and sums of the chunk.</param>
    /// <param name="row">The first query, counted from the chunk's begin.</param>
    /// <param name="seen">How many of the loaded keys each query sees.</param>
    /// <param name="q">[queries, headDim].</param>
    /// <param name="v">Values of the loaded keys, [keys, headDim].</param>
    /// <param name="output">[queries, headDim].</param>
    public abstract void Finish(
        AttentionProblem problem, ChunkScratch<TSet> parts, int row, ReadOnlySpan<int> seen, float* q, float* v, float* output);

    /// <summary>State += KeyFeaturesᵀ·values.</summary>
    protected static void AddToState(ChunkScratch<TSet> parts, int keys, ValueMatrix<TSet> values) =>
        values.Multiply(
            parts.Features, 0, keys, new MatrixView(parts.KeyFeatures, parts.FeatureStride).Transposed,
            new MatrixView(parts.State, parts.ValueStride), add: true);

    /// <summary>output = Sums · factor, of some rows from <paramref name="row"/> on.</summary>
    protected static void Write(ChunkScratch<TSet> parts, int row, int rows, float factor, float* output)
    {
        for (float* sums = parts.Sums + row * parts.ValueStride; rows > 0; rows--, sums += parts.ValueStride, output += parts.HeadDim)
            TSet.Scale(sums, factor, output, parts.HeadDim);
    }

    /// <summary>Copies rows, each padded with zeros to whole vectors.</summary>
    protected static void Copy(int rows, int channels, float* source, float* destination, int stride)
    {
        for (int row = 0; row < rows; row++, source += channels, destination += stride)
        {
            new ReadOnlySpan<float>(source, channels).CopyTo(new Span<float>(destination, channels));
            new Span<float>(destination + channels, stride - channels).Clear();
        }
    }

    /// <summary>Copies rows, each padded with zeros to whole vectors and multiplied by its factor.</summary>
    protected static void CopyScaled(int rows, int channels, float* source, float* destination, int stride, float* factors)
    {
        for (int row = 0; row < rows; row++, source += channels, destination += stride)
        {
            TSet.Scale(source, factors[row], destination, channels);
            new Span<float>(destination + channels, stride - channels).Clear();
        }
    }
}
