namespace Kernels.Reference;

/// <summary>A pair of a query and a key: its weight, and its gradient as the difference of two numbers that often nearly cancel.</summary>
/// <param name="Weight">f·φ(q)·φ(k)/z.</param>
/// <param name="Product">f·dO·v/z.</param>
/// <param name="Subtracted">f·D/z.</param>
internal readonly record struct LinearPair(double Weight, double Product, double Subtracted);

/// <summary>
/// A row of a gradient, summed over pairs with compensation, and the variance of what float32 adds by rounding its partial sums: those of products and
/// those of what is subtracted from them apart, since a state holds the one and a vector beside it the other.
/// </summary>
/// <param name="channels">Channels of the row.</param>
/// <param name="ordered">Whether the variance is wanted.</param>
internal readonly struct GradientSums(int channels, bool ordered)
{
    private readonly CompensatedSums sums = new(channels);
    private readonly OrderedSum[] products = new OrderedSum[ordered ? channels : 0], subtracted = new OrderedSum[ordered ? channels : 0];

    /// <summary>Adds the gradient of a pair times a row of features.</summary>
    public void Add(in LinearPair pair, ReadOnlySpan<double> features)
    {
        sums.AddScaled(pair.Product - pair.Subtracted, features);
        for (int c = 0; c < products.Length; c++)
        {
            products[c].Add(pair.Product * features[c]);
            subtracted[c].Add(pair.Subtracted * features[c]);
        }
    }

    /// <summary>Writes the row, and adds to its variance.</summary>
    /// <param name="values">[channels].</param>
    /// <param name="variance">[channels], or empty.</param>
    /// <param name="features">φ(x) of the row's own x, whose derivative is the smaller of 1 and φ(x); empty where φ(x) is x.</param>
    public void CopyTo(Span<double> values, Span<double> variance, ReadOnlySpan<double> features)
    {
        const double Unit = RoundingNoise.ExpectedErrors * RoundingNoise.Rounding;
        sums.CopyTo(values);
        for (int c = 0; c < values.Length; c++)
        {
            double slope = features.IsEmpty ? 1 : Math.Min(1, features[c]);
            values[c] *= slope;
            if (!variance.IsEmpty)
                variance[c] += Unit * Unit * slope * slope * (products[c].Variance + subtracted[c].Variance);
        }
    }
}
