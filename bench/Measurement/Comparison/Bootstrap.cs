namespace Kernels.Bench.Measurement.Comparison;

/// <summary>
/// The median of values with a 95 % interval by the percentile bootstrap: medians of samples drawn from the values with replacement,
/// between their 2.5 % and 97.5 % quantiles (Efron and Tibshirani 1993, An Introduction to the Bootstrap, section 13.3). Seeded, so
/// that the same values give the same interval.
/// </summary>
internal static class Bootstrap
{
    private const int Resamples = 4000;
    private const int Seed = 1;
    private const double TailProbability = 0.025;

    /// <summary>Median and interval.</summary>
    /// <exception cref="ArgumentException">No values.</exception>
    public static MedianInterval Median(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
            throw new ArgumentException("A median needs at least one value.", nameof(values));
        var random = new Random(Seed);
        double[] medians = new double[Resamples], drawn = new double[values.Length];
        for (int resample = 0; resample < Resamples; resample++)
        {
            for (int i = 0; i < drawn.Length; i++)
                drawn[i] = values[random.Next(values.Length)];
            medians[resample] = MedianInterval.Of(drawn).Median;
        }
        Array.Sort(medians);
        int tail = (int)(TailProbability * Resamples);
        return new MedianInterval(MedianInterval.Of(values).Median, medians[tail], medians[^(tail + 1)]);
    }
}
