using Kernels.Abstractions;
using Kernels.Bench.Measurement;
using Kernels.Bench.Measurement.Comparison;
using Xunit;

namespace Kernels.Tests.Measurement;

public class BootstrapTests
{
    [Fact]
    public void Equal_values_leave_no_doubt() =>
        Assert.Equal(new MedianInterval(3, 3, 3), Bootstrap.Median([3, 3, 3, 3, 3, 3, 3]));

    [Fact]
    public void The_same_values_give_the_same_interval()
    {
        double[] values = [1, 5, 2, 8, 3, 9, 4, 7];

        Assert.Equal(Bootstrap.Median(values), Bootstrap.Median(values));
        Assert.Equal(4.5, Bootstrap.Median(values).Median);
    }

    [Fact]
    public void Without_values_there_is_no_median() => Assert.Throws<ArgumentException>(() => Bootstrap.Median([]));

    /// <summary>
    /// Of samples with the median 0, about 95 % of the intervals must hold it. For 31 values the percentile bootstrap of a median is known to
    /// hold a little more or less; 100 experiments add a standard error of 2.2 %.
    /// </summary>
    [Fact]
    public void The_interval_holds_the_true_median_as_often_as_it_says()
    {
        const int Experiments = 100;
        int held = 0;
        for (int experiment = 0; experiment < Experiments; experiment++)
        {
            var normal = new SeededNormal(experiment, 0);
            MedianInterval interval = Bootstrap.Median([.. Enumerable.Range(0, 31).Select(_ => (double)normal.Next())]);
            held += interval.Low <= 0 && interval.High >= 0 ? 1 : 0;
        }
        Assert.InRange((double)held / Experiments, 0.88, 0.99);
    }

    [Fact]
    public void The_interval_agrees_with_order_statistics()
    {
        double[] values = [.. Enumerable.Range(1, 101).Select(i => (double)i)];
        MedianInterval bootstrap = Bootstrap.Median(values), exact = MedianInterval.Of(values);

        Assert.Equal(exact.Median, bootstrap.Median);
        Assert.InRange(bootstrap.Low, exact.Low - 3, exact.Low + 3);
        Assert.InRange(bootstrap.High, exact.High - 3, exact.High + 3);
    }

    [Fact]
    public void One_outlier_does_not_move_the_median()
    {
        double[] values = [1.00, 1.01, 0.99, 1.02, 0.98, 1.01, 1.00, 0.99, 50];

        MedianInterval interval = Bootstrap.Median(values);

        Assert.Equal(1.00, interval.Median);
        Assert.InRange(interval.High, 1, 1.02);
    }
}
