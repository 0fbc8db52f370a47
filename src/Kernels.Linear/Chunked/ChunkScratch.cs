using Kernels.Primitives.InstructionSets;
using Kernels.Primitives.Matrices;

namespace Kernels.Linear;

/// <summary>The scratch of a chunked kernel, cut into its parts.</summary>
internal readonly unsafe struct ChunkScratch<TSet>
    where TSet : struct, IInstructionSet
{
    private const int Chunk = ChunkLayout.Chunk;

    /// <summary>Features of the keys of a chunk, [Chunk, <see cref="FeatureStride"/>].</summary>
    public readonly float* KeyFeatures;

    /// <summary>The same transposed, [features, Chunk].</summary>
    public readonly float* KeyLanes;

    /// <summary>Features of the queries of a chunk, [Chunk, <see cref="FeatureStride"/>].</summary>
    public readonly float* QueryFeatures;

    /// <summary>Products of query and key features within a chunk, [Chunk, Chunk].</summary>
    public readonly float* Weights;

    /// <summary>Output rows of a chunk before they are finished, [Chunk, <see cref="ValueStride"/>].</summary>
    public readonly float* Sums;

    /// <summary>State of the keys absorbed so far, [features, <see cref="ValueStride"/>].</summary>
    public readonly float* State;

    /// <summary>Sum of the features of the keys absorbed so far, [<see cref="FeatureStride"/>].</summary>
    public readonly float* FeatureSum;

    /// <summary>Last, partial vectors of the values of a chunk, [Chunk, width].</summary>
    public readonly float* ValueTail;

    /// <summary>Memory of the <see cref="ChunkRule{TSet}"/>.</summary>
    public readonly float* Extra;

    /// <summary>Channels of a value.</summary>
    public readonly int HeadDim;

    /// <summary>Features of a key.</summary>
    public readonly int Features;

    public ChunkScratch(float* start, int headDim, int features)
    {
        HeadDim = headDim;
        Features = features;
        KeyFeatures = start;
        QueryFeatures = KeyFeatures + Chunk * FeatureStride;
        KeyLanes = QueryFeatures + Chunk * FeatureStride;
        Weights = KeyLanes + Chunk * features;
        Sums = Weights + Chunk * Chunk;
        State = Sums + Chunk * ValueStride;
        FeatureSum = State + (nint)features * ValueStride;
        ValueTail = FeatureSum + FeatureStride;
        Extra = ValueTail + ValueMatrix<TSet>.TailLength(Chunk, headDim);
    }

    /// <summary>Features of a key, rounded up to whole vectors.</summary>
    public int FeatureStride => InstructionSet.WholeVectors<TSet>(Features);

    /// <summary>Channels of a value, rounded up to whole vectors.</summary>
    public int ValueStride => InstructionSet.WholeVectors<TSet>(HeadDim);

    /// <summary>Floats of all the parts but <see cref="Extra"/>.</summary>
    public static long Length(int headDim, int features)
    {
        long values = InstructionSet.WholeVectors<TSet>(headDim), keys = InstructionSet.WholeVectors<TSet>(features);
        return 2 * Chunk * keys + (long)Chunk * features + Chunk * Chunk + Chunk * values + features * values + keys
            + ValueMatrix<TSet>.TailLength(Chunk, headDim);
    }
}
