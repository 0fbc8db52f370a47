using System.Diagnostics;
using System.Globalization;

namespace Kernels.Measurement.Cases;

/// <summary>What a case may cost: its own limit, and what is left of the budget of the run.</summary>
public sealed class CaseLimits
{
    private readonly Stopwatch sinceStart = Stopwatch.StartNew();
    private readonly TimeSpan limit;
    private readonly TimeSpan? budget;

    /// <summary>Starts the clock of the run.</summary>
    /// <param name="caseTime">What the samples of a case should take together.</param>
    /// <param name="limit">What a case may take.</param>
    /// <param name="budget">What the run may take; null for no bound.</param>
    public CaseLimits(TimeSpan caseTime, TimeSpan limit, TimeSpan? budget)
    {
        CaseTime = caseTime;
        this.limit = limit;
        this.budget = budget;
    }

    /// <summary>What the samples of a case should take together.</summary>
    public TimeSpan CaseTime { get; }

    /// <summary>What the next case may take.</summary>
    public TimeSpan Left => budget is { } all && all - sinceStart.Elapsed is var left && left < limit ? left : limit;

    /// <summary>Why a case is not started, given how long its calls are expected to take; null when it may be.</summary>
    public string? WhySkip(CallPrediction? prediction)
    {
        TimeSpan left = Left;
        string bound = left < limit ? $"the {Seconds(left)} left of the run's budget" : $"the limit of {Seconds(limit)} a case";
        if (left <= TimeSpan.Zero)
            return string.Create(CultureInfo.InvariantCulture, $"the run's budget of {budget!.Value.TotalSeconds:0.#} s is spent");
        if (prediction is not { } expected || SamplePlan.LeastSeconds(expected.Seconds) <= left.TotalSeconds)
            return null;
        return $"predicted {Seconds(expected.Seconds)} a call, so {Seconds(SamplePlan.LeastSeconds(expected.Seconds))} for the fewest samples: "
            + $"more than {bound} (from {expected.Source})";
    }

    /// <summary>Why a case is ended after its first call; null when it goes on.</summary>
    public string? WhyEnd(double secondsPerCall) => SamplePlan.LeastSeconds(secondsPerCall) <= limit.TotalSeconds
        ? null
        : $"a call took {Seconds(secondsPerCall)}, so the fewest samples take {Seconds(SamplePlan.LeastSeconds(secondsPerCall))}: "
            + $"more than the limit of {Seconds(limit)} a case";

    private static string Seconds(TimeSpan time) => Seconds(time.TotalSeconds);

    // G2 would write 620 s as 6.2E+02 s.
    private static string Seconds(double seconds) =>
        seconds.ToString(seconds < 99.5 ? "G2" : "N0", CultureInfo.InvariantCulture) + " s";
}
