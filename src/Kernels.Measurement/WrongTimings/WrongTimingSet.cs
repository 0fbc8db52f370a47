using Kernels.Abstractions;
using Kernels.Measurement.Cases;
using Kernels.Reference;
using Kernels.Results;

namespace Kernels.Measurement.WrongTimings;

/// <summary>
/// The measurement's own test: kernels whose times are not those of their work must lose them, each for the right reason, by the code that
/// measures every kernel.
/// </summary>
public static class WrongTimingSet
{
    // Long enough for several calls in a sample of the shortest kernel.
    private static readonly TimeSpan caseTime = TimeSpan.FromSeconds(0.03), longest = TimeSpan.FromSeconds(10);

    // Beside other load a cheat may drown in the noise; no measurement of that time is worth more.
    private const int MostTries = 3;

    // The score depends on the program alone, not on the run.
    private static ValidatorScore? known;

    /// <summary>What they are measured on; a shape that the gate does not have.</summary>
    internal static AttentionProblem Problem { get; } = new(1, 2, 1, 43, 43, 14);

    /// <summary>Measures all of them, once in a process.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public static ValidatorScore Score(CancellationToken stop = default) => known ??= TryAll(stop);

    /// <summary>All of them and an honest one, without memory of earlier calls, in the order in which they are to be measured.</summary>
    internal static IReadOnlyList<WrongTiming> Create() => [.. KeptResults.Create(), .. LessWork.Create(), .. LeftBehind.Create()];

    private static ValidatorScore TryAll(CancellationToken stop)
    {
        using var engine = new BenchmarkEngine();
        List<WrongKernelResult> results = [];
        foreach (WrongTiming wrong in Create().Where(each => each.Unavailable is null))
        {
            WrongKernelResult result = Try(wrong, engine, stop);
            for (int tries = 1; !result.Rejected && tries < MostTries; tries++)
                result = Try(wrong, engine, stop);
            // The honest one is listed only where its time is not believed.
            if (wrong.Expected is not null || !result.Rejected)
                results.Add(result);
        }
        return new(results.Count(result => result.Rejected), results.Count, results);
    }

    private static WrongKernelResult Try(WrongTiming wrong, BenchmarkEngine engine, CancellationToken stop)
    {
        using var measurement = new CaseMeasurement(engine, new CaseLimits(caseTime, longest, budget: null), References.Suite);
        CaseResult result = measurement.Measure(new PlannedCase(wrong, Shape: null, Problem, Threads: 1), stop);
        bool right = wrong.Expected is { } fault ? result.Fault == fault : result.Status == CaseStatus.Measured;
        return new(wrong.Info.Name, wrong.Info.Idea, wrong.Expected?.ToString() ?? "its time is believed", right, result.Reason);
    }
}
