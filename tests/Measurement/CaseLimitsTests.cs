using Kernels.Measurement.Cases;
using Xunit;

namespace Kernels.Tests.Measurement;

public class CaseLimitsTests
{
    private static readonly TimeSpan caseTime = TimeSpan.FromSeconds(0.3);

    [Fact]
    public void A_case_within_its_limit_is_started()
    {
        var limits = new CaseLimits(caseTime, TimeSpan.FromSeconds(7), budget: null);

        Assert.Null(limits.WhySkip(new CallPrediction(1, "here")));
        Assert.Null(limits.WhySkip(null));
        Assert.Null(limits.WhyEnd(1));
    }

    [Fact]
    public void A_case_predicted_to_exceed_its_limit_is_skipped_with_the_prediction()
    {
        var limits = new CaseLimits(caseTime, TimeSpan.FromSeconds(4), budget: null);

        Assert.Equal(
            "predicted 2 s a call, so 14 s for the fewest samples: more than the limit of 4 s a case (from there)",
            limits.WhySkip(new CallPrediction(2, "there")));
    }

    [Fact]
    public void Long_times_are_written_without_an_exponent() =>
        Assert.StartsWith(
            "predicted 1,400 s a call, so 9,800 s for the fewest samples",
            new CaseLimits(caseTime, TimeSpan.FromSeconds(99.7), budget: null).WhySkip(new CallPrediction(1400, "there")));

    [Fact]
    public void A_case_that_exceeds_its_limit_is_ended_with_the_time_of_its_call()
    {
        var limits = new CaseLimits(caseTime, TimeSpan.FromSeconds(4), budget: null);

        Assert.Contains("a call took 2 s", limits.WhyEnd(2));
    }

    [Fact]
    public void What_is_left_of_the_budget_bounds_a_case()
    {
        var limits = new CaseLimits(caseTime, TimeSpan.FromHours(2), TimeSpan.FromHours(1));

        Assert.InRange(limits.Left, TimeSpan.FromMinutes(59), TimeSpan.FromHours(1));
        Assert.Contains("left of the run's budget", limits.WhySkip(new CallPrediction(1000, "there")));
    }

    [Fact]
    public void Nothing_is_started_when_the_budget_is_spent()
    {
        var limits = new CaseLimits(caseTime, TimeSpan.FromHours(2), TimeSpan.FromTicks(1));

        Assert.Contains("budget", limits.WhySkip(null));
    }
}
