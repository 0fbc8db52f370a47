namespace Kernels.Primitives.Tiles;

/// <summary>
/// Register tiles for 16 vector registers: 6 rows × up to 2 vectors take 12 accumulators, 2 vectors of right and one broadcast number
/// of left.
/// </summary>
/// <typeparam name="TSimd">The operations of the vector width.</typeparam>
/// <typeparam name="TVector">The vector type.</typeparam>
public readonly struct Tiles6x2<TSimd, TVector> : IRegisterTile
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <inheritdoc/>
    public static int Rows => 6;

    /// <inheritdoc/>
    public static int MaxVectors => 2;

    /// <inheritdoc/>
    public static void Multiply(int vectors, in TileProduct product)
    {
        if (vectors == 2)
            Tile6<TSimd, TVector, TwoColumns>.Multiply(product);
        else
            Tile6<TSimd, TVector, OneColumn>.Multiply(product);
    }
}
