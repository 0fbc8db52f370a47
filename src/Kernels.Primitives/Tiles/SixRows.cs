namespace Kernels.Primitives.Tiles;

/// <summary>
/// The register tiles of all contexts: 6 rows × 1 … 4 vectors. 16 vector registers hold at most 6 × 2 (12 accumulators, 2 vectors of right,
/// one broadcast number of left), 32 registers 6 × 4 (24, 4 and 1). The same tile serves QKᵀ and PV.
/// </summary>
internal static class SixRows<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Computes tiles of <paramref name="vectors"/> vectors, 1 … 4.</summary>
    public static void Multiply(int vectors, in TileProduct product)
    {
        switch (vectors)
        {
            case 4:
                Tile6<TSimd, TVector, Four>.Multiply(product);
                break;
            case 3:
                Tile6<TSimd, TVector, Three>.Multiply(product);
                break;
            case 2:
                Tile6<TSimd, TVector, Two>.Multiply(product);
                break;
            default:
                Tile6<TSimd, TVector, One>.Multiply(product);
                break;
        }
    }
}
