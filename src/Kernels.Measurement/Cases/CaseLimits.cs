using System.Diagnostics;

namespace Kernels.Measurement.Cases;

/// <summary>Time limits of a case: its own limit, and the rest of the run's budget.</summary>
public sealed class CaseLimits
{
    private readonly Stopwatch sinceStart = Stopwatch.StartNew();
    private readonly TimeSpan limit, reserved;
    private readonly TimeSpan? budget;

    /// <summary>Starts the clock of the run.</summary>
    /// <param name="caseTime">Target time of all samples of a case.</param>
    /// <param name="limit">Longest time of a case.</param>
    /// <param name="budget">Longest time of the run; null for no limit.</param>
    /// <param name="reserved">The part of the budget that what follows the cases needs.</param>
    public CaseLimits(TimeSpan caseTime, TimeSpan limit, TimeSpan? budget, TimeSpan reserved = default)
    {
        this.reserved = reserved;
        CaseTime = caseTime;
        this.limit = limit;
        this.budget = budget;
    }

    /// <summary>Target time of all samples of a case.</summary>
    public TimeSpan CaseTime { get; }

    /// <summary>What is left of the run's budget for the cases; null where it has none.</summary>
    public TimeSpan? BudgetLeft => budget - reserved - sinceStart.Elapsed;

    /// <summary>Longest time of the next case.</summary>
    public TimeSpan Left => BudgetLeft is { } left && left < limit ? left : limit;

    /// <summary>Why a case is not started, given its predicted time; null when it may start.</summary>
    public string? WhySkip(CallPrediction? prediction)
    {
        TimeSpan left = Left;
        string bound = left < limit ? $"the {Seconds(left)} left of the run's budget" : $"the limit of {Seconds(limit)} a case";
        if (left <= TimeSpan.Zero)
            return $"the run's budget of {budget!.Value.TotalSeconds:0.#} s is spent";
        if (prediction is not { } expected || SamplePlan.LeastSeconds(expected.Seconds) <= left.TotalSeconds)
            return null;
        return $"predicted {Seconds(expected.Seconds)} a call, so {Seconds(SamplePlan.LeastSeconds(expected.Seconds))} for the fewest samples: "
            + $"more than {bound} (from {expected.Source})";
    }

    /// <summary>Why a case is ended after its first call; null when it continues.</summary>
    public string? WhyEnd(double secondsPerCall) => SamplePlan.LeastSeconds(secondsPerCall) <= limit.TotalSeconds
        ? null
        : $"a call took {Seconds(secondsPerCall)}, so the fewest samples take {Seconds(SamplePlan.LeastSeconds(secondsPerCall))}: "
            + $"more than the limit of {Seconds(limit)} a case";

    private static string Seconds(TimeSpan time) => Seconds(time.TotalSeconds);

    // G2 would write 620 s as 6.2E+02 s.
    private static string Seconds(double seconds) =>
        seconds.ToString(seconds < 99.5 ? "G2" : "N0") + " s";
}
