
namespace Kernels.Primitives.InstructionSets;

/// <summary>
/// The fused register tile, for contexts with enough registers: scores of one tile of keys and, among its multiply-adds, weights of the
/// tile before. In other contexts <see cref="InterleavedKeys"/> is zero and no other member is used.
/// </summary>
public unsafe interface IInterleavedKernels
{
    /// <summary>Keys of a fused tile; 0 where there is none.</summary>
    static abstract int InterleavedKeys { get; }

    /// <summary>A constant factor of every weight of the context, fused or not, which the division by the sum cancels.</summary>
    static abstract float WeightFactor { get; }

    /// <summary>Floats of the constants that are read from memory.</summary>
    static abstract int ConstantsLength { get; }

    /// <summary>Writes the constants.</summary>
    /// <param name="scale">Factor of the scores, in units of log₂ e, positive.</param>
    /// <param name="constants"><see cref="ConstantsLength"/> floats.</param>
    static abstract void WriteConstants(float scale, float* constants);

    /// <summary>Computes fused tiles of <paramref name="vectors"/> vectors of rows.</summary>
    static abstract void MultiplyAndWeigh(int vectors, in InterleavedTiles tiles);

    /// <summary>
    /// Turns the scores of a last tile, which has no tile after it to be interleaved with, into weights, for one vector of rows.
    /// </summary>
    /// <param name="scores">[keys, score stride].</param>
    /// <param name="keys">Keys of the tile.</param>
    /// <param name="state">As in <see cref="InterleavedTiles.State"/>.</param>
    /// <param name="constants">What <see cref="WriteConstants"/> wrote.</param>
    static abstract void WeighLast(float* scores, int keys, float* state, float* constants);
}
