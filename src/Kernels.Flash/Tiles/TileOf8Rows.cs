using Kernels.Simd.Vectors;

namespace Kernels.Flash.Tiles;

/// <summary>
/// Register tiles for processors with 32 vector registers: 8 rows × up to 3 vectors take 24 accumulators, 3 vectors of right and one
/// broadcast number of left.
/// </summary>
/// <typeparam name="TSimd">The operations of the vector width.</typeparam>
/// <typeparam name="TVector">The vector type.</typeparam>
public readonly struct TileOf8Rows<TSimd, TVector> : IRegisterTile
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <inheritdoc/>
    public static int Rows => 8;

    /// <inheritdoc/>
    public static int MaxVectors => 3;

    /// <inheritdoc/>
    public static void Multiply(int vectors, in TileProduct product)
    {
        if (vectors == 3)
            Tile8x3<TSimd, TVector>.Multiply(product);
        else if (vectors == 2)
            Tile8x2<TSimd, TVector>.Multiply(product);
        else
            Tile8x1<TSimd, TVector>.Multiply(product);
    }
}
