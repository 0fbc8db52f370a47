using Kernels.Measurement.Cases;
using Kernels.Results;
using Xunit;

namespace Kernels.Tests.Measurement;

public class SamplePlanTests
{
    [Theory]
    [InlineData(1e-7)]
    [InlineData(3.3e-5)]
    [InlineData(1e-3)]
    [InlineData(0.02)]
    [InlineData(0.5)]
    [InlineData(100)]
    public void Samples_are_never_fewer_than_an_interval_needs_and_take_about_the_target(double secondsPerCall)
    {
        const double Target = 0.4;

        var plan = SamplePlan.For(secondsPerCall, Target);

        Assert.InRange(plan.Samples, MedianInterval.FewestSamples, 15);
        Assert.InRange(plan.CallsPerSample, 1, int.MaxValue);
        double planned = plan.Samples * plan.CallsPerSample * secondsPerCall;
        Assert.InRange(planned, Target / 2, Math.Max(Target, SamplePlan.LeastSeconds(secondsPerCall)) * 1.0001);
    }

    [Fact]
    public void Slow_calls_are_sampled_one_by_one() => Assert.Equal(new SamplePlan(6, 1), SamplePlan.For(2, 0.4));

    [Fact]
    public void Fast_calls_are_averaged() => Assert.Equal(new SamplePlan(15, 26), SamplePlan.For(1e-3, 0.4));
}
