using Kernels.Primitives.InstructionSets;
using Kernels.Primitives.Matrices;

namespace Kernels.Linear;

/// <summary>
/// The memory of a thread of a chunked backward pass, cut into its parts: a chunk of queries and one of keys with their pairs, and the states. Its
/// size does not depend on the sequence: 123 KiB for keys and values of 64 channels, 291 KiB for 128.
/// </summary>
/// <param name="start">At least <see cref="Length"/> floats.</param>
/// <param name="headDim">Channels of a query and key.</param>
/// <param name="valueDim">Channels of a value.</param>
internal readonly unsafe struct GradientScratch<TSet>(float* start, int headDim, int valueDim)
    where TSet : struct, IInstructionSet
{
    private const int Chunk = ChunkLayout.Chunk;

    /// <summary>Channels of a query and key.</summary>
    public int HeadDim => headDim;

    /// <summary>Channels of a value.</summary>
    public int ValueDim => valueDim;

    /// <summary>Channels of a key, rounded up to whole vectors.</summary>
    public int KeyStride => InstructionSet.WholeVectors<TSet>(headDim);

    /// <summary>Channels of a value, rounded up to whole vectors.</summary>
    public int ValueStride => InstructionSet.WholeVectors<TSet>(valueDim);

    /// <summary>Features of a chunk of keys, [Chunk, <see cref="KeyStride"/>].</summary>
    public float* KeyFeatures => start;

    /// <summary>Features of a chunk of queries, [Chunk, <see cref="KeyStride"/>].</summary>
    public float* QueryFeatures => KeyFeatures + Chunk * KeyStride;

    /// <summary>dQ or dK of a chunk before the derivative of the features, [Chunk, <see cref="KeyStride"/>].</summary>
    public float* Gradients => QueryFeatures + Chunk * KeyStride;

    /// <summary>dV of a chunk, [Chunk, <see cref="ValueStride"/>].</summary>
    public float* ValueGradients => Gradients + Chunk * KeyStride;

    /// <summary>The features of the keys transposed, [headDim, Chunk].</summary>
    public float* KeyLanes => ValueGradients + Chunk * ValueStride;

    /// <summary>The values of a chunk transposed, [valueDim, Chunk].</summary>
    public float* ValueLanes => KeyLanes + Chunk * headDim;

    /// <summary>Products of query and key features, [query, key], Chunk × Chunk.</summary>
    public float* Weights => ValueLanes + Chunk * valueDim;

    /// <summary>Products dO·v and then the gradients of the weights, [query, key], Chunk × Chunk.</summary>
    public float* Pairs => Weights + Chunk * Chunk;

    /// <summary>State of queries and their gradients, [headDim, <see cref="ValueStride"/>].</summary>
    public float* State => Pairs + Chunk * Chunk;

    /// <summary>State of keys and values with values as rows, or the other state transposed, [valueDim, <see cref="KeyStride"/>].</summary>
    public float* ValueState => State + (nint)headDim * ValueStride;

    /// <summary>The vector beside the state, [<see cref="KeyStride"/>].</summary>
    public float* Vector => ValueState + (nint)valueDim * KeyStride;

    /// <summary>Sum of the features of some loaded keys, [<see cref="KeyStride"/>].</summary>
    public float* LoadedSum => Vector + KeyStride;

    /// <summary>Last, partial vectors of dO of a chunk, [Chunk, width].</summary>
    public float* Tail => LoadedSum + KeyStride;

    /// <summary>Memory of the <see cref="GradientRule{TSet}"/>.</summary>
    public float* Extra => Tail + ValueMatrix<TSet>.TailLength(Chunk, valueDim);

    /// <summary>Floats of all the parts but <see cref="Extra"/>.</summary>
    public static long Length(int headDim, int valueDim)
    {
        long keys = InstructionSet.WholeVectors<TSet>(headDim), values = InstructionSet.WholeVectors<TSet>(valueDim);
        return Chunk * (3 * keys + values + headDim + valueDim + 2 * Chunk) + headDim * values + valueDim * keys + 2 * keys
            + ValueMatrix<TSet>.TailLength(Chunk, valueDim);
    }
}
