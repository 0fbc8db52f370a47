using System.Runtime.Intrinsics;
using Kernels.Primitives.Tiles;

namespace Kernels.Primitives.InstructionSets;

/// <summary>
/// AVX-512 with the fused register tile: exponentials of one tile of scores run among the multiply-adds of the next. All else is that
/// of <see cref="Avx512"/>.
/// </summary>
public readonly unsafe struct Avx512Interleaved : IVectorSet<Simd512, Vector512<float>>
{
    /// <inheritdoc/>
    public static string Name => Avx512.Name;

    /// <inheritdoc/>
    public static int TileVectors => Avx512.TileVectors;

    /// <inheritdoc/>
    public static int DecodeRows => Avx512.DecodeRows;

    /// <inheritdoc/>
    public static int InterleavedKeys => InterleavedTile<Avx512Interleaved, Three>.Keys;

    /// <inheritdoc/>
    public static float WeightFactor => FactoredExp2.Factor;

    /// <inheritdoc/>
    public static int ConstantsLength => LazyWeights<Avx512Interleaved>.ConstantsLength;

    /// <inheritdoc/>
    public static void WriteConstants(float scale, float* constants) => LazyWeights<Avx512Interleaved>.WriteConstants(scale, constants);

    /// <inheritdoc/>
    public static void MultiplyAndWeigh(int vectors, in InterleavedTiles tiles)
    {
        switch (vectors)
        {
            case 1:
                InterleavedTile<Avx512Interleaved, One>.Compute(tiles);
                break;
            case 2:
                InterleavedTile<Avx512Interleaved, Two>.Compute(tiles);
                break;
            default:
                InterleavedTile<Avx512Interleaved, Three>.Compute(tiles);
                break;
        }
    }

    /// <inheritdoc/>
    public static void WeighLast(float* scores, int keys, float* state, float* constants) =>
        LazyWeights<Avx512Interleaved>.Weigh(scores, keys, state, constants);
}
