using Kernels.Primitives.Decode;

namespace Kernels.Primitives.InstructionSets;

/// <summary>
/// Micro-kernels for few queries against many keys: products and softmax with the channels or keys of one row across the lanes.
/// </summary>
public interface IDecodeKernels
{
    /// <summary>The most rows of a tile, 2 or 4: four take 16 sums and 4 keys or values in registers.</summary>
    static abstract int DecodeRows { get; }

    /// <summary>Computes the scores of <paramref name="rows"/> rows, 1, 2 or 4.</summary>
    static abstract void DecodeScores<TElement>(int rows, in KeyBlock<TElement> block)
        where TElement : unmanaged, IStored<TElement>;

    /// <summary>Turns scores into weights, and updates maxima and sums of the rows.</summary>
    static abstract void DecodeWeights(in ScoreRows rows);

    /// <summary>output = output · rescale + weights · values.</summary>
    /// <param name="rows">Rows, 1, 2 or 4.</param>
    /// <param name="vectors">Vectors of channels, 1 or 4.</param>
    /// <param name="block">Operands.</param>
    static abstract void DecodeValues<TElement>(int rows, int vectors, in ValueBlock<TElement> block)
        where TElement : unmanaged, IStored<TElement>;
}
