using Kernels.Simd.Vectors;

namespace Kernels.Linear;

/// <summary>The scratch of <see cref="EluChunked"/>, cut into its parts.</summary>
internal readonly unsafe struct ChunkScratch<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>
    /// Tokens in a chunk. The quadratic part costs 4·Chunk·headDim a query, the state 4·headDim²: below the usual head dimensions the
    /// first stays small. Sums over keys are partial sums of a chunk, and their rounding error grows with it; shorter chunks leave the
    /// matrix products too little depth.
    /// </summary>
    public const int Chunk = 32;

    /// <summary>φ(K) of a chunk, [Chunk, padded].</summary>
    public readonly float* KeyFeatures;

    /// <summary>φ(K)ᵀ of a chunk, [headDim, Chunk].</summary>
    public readonly float* KeyLanes;

    /// <summary>φ(Q) of a chunk, [Chunk, padded].</summary>
    public readonly float* QueryFeatures;

    /// <summary>φ(Q)φ(K)ᵀ within a chunk, [Chunk, Chunk].</summary>
    public readonly float* Weights;

    /// <summary>Output rows of a chunk before their division, [Chunk, padded].</summary>
    public readonly float* Sums;

    /// <summary>φ(K)ᵀV of the keys seen so far, [headDim, padded].</summary>
    public readonly float* State;

    /// <summary>φ(K)ᵀ1 of the keys seen so far, [padded].</summary>
    public readonly float* FeatureSum;

    /// <summary>Last, partial vectors of the values of a chunk, [Chunk, width].</summary>
    public readonly float* ValueTail;

    public ChunkScratch(float* start, int headDim)
    {
        int padded = ValueMatrix<TSimd, TVector>.PaddedChannels(headDim);
        KeyFeatures = start;
        QueryFeatures = KeyFeatures + Chunk * padded;
        Sums = QueryFeatures + Chunk * padded;
        KeyLanes = Sums + Chunk * padded;
        Weights = KeyLanes + Chunk * headDim;
        State = Weights + Chunk * Chunk;
        FeatureSum = State + (nint)headDim * padded;
        ValueTail = FeatureSum + padded;
    }

    /// <summary>Floats of all the parts.</summary>
    public static long Length(int headDim)
    {
        long padded = ValueMatrix<TSimd, TVector>.PaddedChannels(headDim);
        return 3 * Chunk * padded + (long)Chunk * headDim + Chunk * Chunk + headDim * padded + padded
            + ValueMatrix<TSimd, TVector>.TailLength(Chunk, headDim);
    }
}
