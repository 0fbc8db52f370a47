using System.Runtime.CompilerServices;

namespace Kernels.Primitives.Softmax;

/// <summary>
/// Weights relative to a lazy reference near the maximum: unless a score exceeds it by far, earlier sums need no rescaling and each score
/// is visited once.
/// </summary>
internal static unsafe class LazyReference<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    // In powers of two. With weights up to 2^16, values up to 10^33 do not overflow (a tile of larger ones is computed again with exact maxima),
    // and weights down to 2^-110 of the largest are kept.
    private const float MostAbove = 16;

    /// <summary>Sets the lazy reference of each row to its largest score.</summary>
    public static void Set(in ScoreTile tile)
    {
        for (int row = 0; row < tile.Rows; row += TSimd.Width)
        {
            float* scores = tile.Scores + row;
            TVector max = TSimd.Create(float.MinValue);
            for (int key = 0; key < tile.Keys; key++, scores += tile.Stride)
                max = TSimd.Max(TSimd.Load(scores), max);
            TSimd.Store(max, tile.Reference + row);
        }
    }

    /// <summary>Turns scores into weights in one pass, and writes block maxima and block sums.</summary>
    public static void Weigh(in ScoreTile tile)
    {
        for (int row = 0; row < tile.Rows; row += TSimd.Width)
        {
            Weigh(
                tile.Scores + row, tile.Stride, tile.Keys, tile.Scale, TSimd.Load(tile.Reference + row), tile.BlockMax + row,
                tile.BlockSum + row);
        }
    }

    /// <summary>Adds the block's sums, unless a score of the block exceeds the lazy reference of its row by too much.</summary>
    public static bool TryAccept(in ScoreTile tile)
    {
        TVector factor = TSimd.Create(tile.Scale);
        for (int row = 0; row < tile.Rows; row += TSimd.Width)
        {
            TVector above = TSimd.Subtract(TSimd.Load(tile.BlockMax + row), TSimd.Load(tile.Reference + row));
            if (TSimd.MaxAcross(TSimd.Multiply(above, factor)) > MostAbove)
                return false;
        }
        for (int row = 0; row < tile.Rows; row += TSimd.Width)
            TSimd.Store(TSimd.Add(TSimd.Load(tile.Sum + row), TSimd.Load(tile.BlockSum + row)), tile.Sum + row);
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Weigh(float* scores, nint stride, int keys, float scale, TVector reference, float* blockMax, float* blockSum)
    {
        TVector factor = TSimd.Create(scale), sum = TSimd.Create(0), max = reference;
        for (int key = 0; key < keys; key++)
        {
            TVector score = TSimd.Load(scores);
            max = TSimd.Max(score, max);
            TVector weight = VectorExp.Exp2<TSimd, TVector>(TSimd.Multiply(TSimd.Subtract(score, reference), factor));
            TSimd.Store(weight, scores);
            sum = TSimd.Add(sum, weight);
            scores += stride;
        }
        TSimd.Store(max, blockMax);
        TSimd.Store(sum, blockSum);
    }
}
