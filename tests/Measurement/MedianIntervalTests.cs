using Kernels.Results;
using Xunit;

namespace Kernels.Tests.Measurement;

public class MedianIntervalTests
{
    [Fact]
    public void Median_is_the_middle_or_the_mean_of_both_middles()
    {
        Assert.Equal(2, MedianInterval.Of([3, 1, 2]).Median);
        Assert.Equal(2.5, MedianInterval.Of([4, 1, 3, 2]).Median);
    }

    // Tables of the sign test, two-sided 5 %: how many samples lie outside the interval at each end.
    [Theory]
    [InlineData(1, 0)]
    [InlineData(5, 0)]
    [InlineData(6, 0)]
    [InlineData(8, 0)]
    [InlineData(9, 1)]
    [InlineData(11, 1)]
    [InlineData(12, 2)]
    [InlineData(15, 3)]
    [InlineData(20, 5)]
    [InlineData(100, 39)]
    [InlineData(1075, 504)]
    [InlineData(2000, 955)]
    public void Interval_leaves_out_as_many_samples_as_the_binomial_distribution_allows(int samples, int outside)
    {
        double[] values = [.. Enumerable.Range(0, samples).Select(i => (double)i)];
        new Random(1).Shuffle(values);

        var interval = MedianInterval.Of(values);

        Assert.Equal(outside, interval.Low);
        Assert.Equal(samples - 1 - outside, interval.High);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(9)]
    [InlineData(15)]
    [InlineData(30)]
    [InlineData(31)]
    public void Interval_holds_the_true_median_at_least_95_times_in_100_even_when_the_distribution_is_skewed(int samples)
    {
        const int Trials = 20_000;
        // Of the exponential distribution.
        double trueMedian = Math.Log(2);
        var random = new Random(samples);
        double[] values = new double[samples];
        int held = 0;
        for (int trial = 0; trial < Trials; trial++)
        {
            for (int i = 0; i < samples; i++)
                values[i] = -Math.Log(1 - random.NextDouble());
            var interval = MedianInterval.Of(values);
            held += interval.Low <= trueMedian && trueMedian <= interval.High ? 1 : 0;
        }

        // Three standard deviations of a proportion of 0.95 in so many trials are 0.0046.
        Assert.InRange((double)held / Trials, 0.945, 1);
    }

    [Fact]
    public void Equal_values_leave_no_doubt() =>
        Assert.Equal(new MedianInterval(3, 3, 3), MedianInterval.Of([3, 3, 3, 3, 3, 3, 3]));

    [Fact]
    public void One_outlier_of_many_moves_neither_the_median_nor_the_interval()
    {
        var interval = MedianInterval.Of([1.00, 1.01, 0.99, 1.02, 0.98, 1.01, 1.00, 0.99, 50]);

        Assert.Equal(1.00, interval.Median);
        Assert.InRange(interval.High, 1, 1.02);
    }

    [Fact]
    public void One_outlier_of_few_moves_the_interval_but_not_the_median()
    {
        double[] quiet = [10, 11, 12, 13, 14, 15, 16];

        var disturbed = MedianInterval.Of([10, 11, 12, 13, 14, 15, 1600]);

        Assert.Equal(MedianInterval.Of(quiet).Median, disturbed.Median);
        Assert.Equal(1600, disturbed.High);
    }

    [Fact]
    public void No_samples_have_no_median() => Assert.Throws<ArgumentException>(() => MedianInterval.Of([]));
}
