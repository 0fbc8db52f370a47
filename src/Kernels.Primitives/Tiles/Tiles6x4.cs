namespace Kernels.Primitives.Tiles;

/// <summary>
/// Register tiles for 32 vector registers: 6 rows × up to 4 vectors take 24 accumulators, 4 vectors of right and one broadcast number
/// of left.
/// </summary>
/// <typeparam name="TSimd">The operations of the vector width.</typeparam>
/// <typeparam name="TVector">The vector type.</typeparam>
public readonly struct Tiles6x4<TSimd, TVector> : IRegisterTile
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <inheritdoc/>
    public static int Rows => 6;

    /// <inheritdoc/>
    public static int MaxVectors => 4;

    /// <inheritdoc/>
    public static void Multiply(int vectors, in TileProduct product)
    {
        switch (vectors)
        {
            case 4:
                Tile6<TSimd, TVector, FourColumns>.Multiply(product);
                break;
            case 3:
                Tile6<TSimd, TVector, ThreeColumns>.Multiply(product);
                break;
            case 2:
                Tile6<TSimd, TVector, TwoColumns>.Multiply(product);
                break;
            default:
                Tile6<TSimd, TVector, OneColumn>.Multiply(product);
                break;
        }
    }
}
