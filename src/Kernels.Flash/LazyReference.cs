using Kernels.Primitives;

namespace Kernels.Flash;

/// <summary>
/// The reference that weights are computed against when it need not be the maximum: as long as no score exceeds it far, nothing that was
/// summed before has to be rescaled, and no score has to be visited twice.
/// </summary>
internal static unsafe class LazyReference<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    // In powers of two. Weights up to 2^16 leave values up to 10^33 without overflow, and lose nothing above 2^-110 of the largest weight.
    private const float MostAbove = 16;

    /// <summary>Makes the largest of the first scores of each row the reference.</summary>
    /// <param name="keys">Keys to look at.</param>
    /// <param name="rows">Rows, a multiple of the vector width.</param>
    /// <param name="scratch">Scores are read, maxima written.</param>
    public static void Set(int keys, int rows, FlashScratch scratch)
    {
        for (int row = 0; row < rows; row += TSimd.Width)
        {
            TVector max = TSimd.Create(float.MinValue);
            for (int key = 0; key < keys; key++)
                max = TSimd.Max(TSimd.Load(scratch.Scores + key * FlashScratch.ScoreStride + row), max);
            TSimd.Store(max, scratch.Max + row);
        }
    }

    /// <summary>Adds the block's sums, unless a score of the block exceeds its row's reference too far.</summary>
    public static bool TryAccept(int rows, float scale, FlashScratch scratch)
    {
        TVector factor = TSimd.Create(scale);
        for (int row = 0; row < rows; row += TSimd.Width)
        {
            TVector above = TSimd.Subtract(TSimd.Load(scratch.BlockMax + row), TSimd.Load(scratch.Max + row));
            if (TSimd.MaxAcross(TSimd.Multiply(above, factor)) > MostAbove)
                return false;
        }
        for (int row = 0; row < rows; row += TSimd.Width)
            TSimd.Store(TSimd.Add(TSimd.Load(scratch.Sum + row), TSimd.Load(scratch.BlockSum + row)), scratch.Sum + row);
        return true;
    }
}
