namespace Kernels.Results;

/// <summary>
/// The median of samples with an interval that contains the true median with a probability of at least 95 %, for any distribution: the k-th
/// smallest and k-th largest sample, where P(Binomial(n, ½) ≤ k − 1) is at most 2.5 % (order statistics; Conover, Practical Nonparametric
/// Statistics, section 3.2). Fewer than <see cref="FewestSamples"/> samples cannot reach 95 %; the interval is then from the smallest to
/// the largest.
/// </summary>
/// <param name="Median">The median.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end of the interval.</param>
public readonly record struct MedianInterval(double Median, double Low, double High)
{
    /// <summary>With six samples, smallest and largest enclose the median with 1 − 2·2⁻⁶ = 96.9 %; with five, 93.8 %.</summary>
    public const int FewestSamples = 6;

    private const double TailProbability = 0.025;

    /// <summary>Half of the interval's width divided by the median.</summary>
    public double HalfWidth() => (High - Low) / (2 * Median);

    /// <summary>Computes both. No sample is dropped.</summary>
    /// <exception cref="ArgumentException">No samples.</exception>
    public static MedianInterval Of(ReadOnlySpan<double> samples)
    {
        if (samples.IsEmpty)
            throw new ArgumentException("A median needs at least one sample.", nameof(samples));
        double[] sorted = samples.ToArray();
        Array.Sort(sorted);
        int middle = sorted.Length / 2;
        double median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        int outside = SamplesOutside(sorted.Length);
        return new MedianInterval(median, sorted[outside], sorted[sorted.Length - 1 - outside]);
    }

    /// <summary>Samples outside the interval at each end.</summary>
    private static int SamplesOutside(int samples)
    {
        // Logarithms: with more than 1,074 samples the first term is below the smallest float64.
        double logarithm = samples * Math.Log(0.5), tail = Math.Exp(logarithm);
        int outside = 0;
        // Binomial(n, ½): the term of k heads follows from that of k − 1 by the factor (n − k + 1)/k.
        while (true)
        {
            logarithm += Math.Log((double)(samples - outside) / (outside + 1));
            tail += Math.Exp(logarithm);
            if (tail > TailProbability)
                return outside;
            outside++;
        }
    }
}
