namespace Kernels.Primitives.Softmax;

/// <summary>
/// Softmax down the columns of a score matrix [keys, queries]: with queries across the lanes, a vector holds one score of several queries,
/// and neither maximum nor sum needs a reduction across lanes.
/// </summary>
internal static unsafe class ColumnSoftmax<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    // Long sums are added up from partial sums of this many weights, so that their rounding error grows with the number of partial sums.
    private const int KeysPerPartialSum = 16;

    /// <summary>
    /// Replaces the scores of each column by 2^((score − max)·factor), and writes the sum of each column. −∞ gives a weight of exactly 0,
    /// NaN and columns of nothing but −∞ give NaN.
    /// </summary>
    /// <param name="keys">Rows, at least 1.</param>
    /// <param name="queries">Columns, a multiple of the vector width.</param>
    /// <param name="scores">[keys, queries], rows <paramref name="stride"/> floats apart.</param>
    /// <param name="stride">Floats from one key to the next.</param>
    /// <param name="factor">Positive: <see cref="ScoreScale.OfDifferences"/>.</param>
    /// <param name="sums">[queries].</param>
    public static void Apply(int keys, int queries, float* scores, nint stride, float factor, float* sums)
    {
        for (int column = 0; column < queries; column += TSimd.Width)
        {
            TVector max = Max(keys, scores + column, stride);
            TVector sum = default;
            for (int key = 0; key < keys; key += KeysPerPartialSum)
            {
                int block = Math.Min(KeysPerPartialSum, keys - key);
                sum = TSimd.Add(sum, Exponentials(block, scores + key * stride + column, stride, factor, max));
            }
            TSimd.Store(sum, sums + column);
        }
    }

    private static TVector Max(int keys, float* scores, nint stride)
    {
        // The maximum may ignore a NaN score; the weight of that score is NaN in any case.
        TVector max = TSimd.Load(scores);
        for (int key = 1; key < keys; key++)
            max = TSimd.Max(max, TSimd.Load(scores + key * stride));
        return max;
    }

    private static TVector Exponentials(int keys, float* scores, nint stride, float factor, TVector max)
    {
        TVector scale = TSimd.Create(factor), sum = default;
        for (int key = 0; key < keys; key++)
        {
            float* place = scores + key * stride;
            TVector weight = VectorExp.Exp2<TSimd, TVector>(TSimd.Multiply(TSimd.Subtract(TSimd.Load(place), max), scale));
            TSimd.Store(weight, place);
            sum = TSimd.Add(sum, weight);
        }
        return sum;
    }
}
