using Kernels.Abstractions;
using Kernels.Reference;

namespace Kernels.Validation;

/// <summary>Finds out about the failures of a kernel what its author would try by hand.</summary>
public static class Explaining
{
    // Cases with the same output: on one small case, several mistakes may coincide.
    private const int MostTwinCases = 4;

    // A crash costs the start of a process; a kernel that hangs costs the time limit.
    private const int MostTries = 300, MostCrashes = 25;

    /// <summary>The explanation; null when no case failed, or none that says anything about the kernel.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="tally">Its verdicts.</param>
    /// <param name="judge">Runs smaller cases.</param>
    /// <exception cref="OperationCanceledException">The judge was stopped.</exception>
    public static Explanation? Of(Kernel kernel, GateTally tally, ICaseJudge judge)
    {
        if (tally.FirstFailure is not { } kind || kind == FailureKind.NoReference)
            return null;
        (GateCase Case, Verdict Verdict)[] failing =
        [
            .. tally.Cases.Where(item => item.Answer.Verdict?.Failure == kind).Select(item => (item.Case, item.Answer.Verdict!))
                .OrderBy(item => item.Item1.Problem.DenseFlops),
        ];
        (GateCase smallest, Verdict verdict) = Shrink(kernel, failing[0].Case, failing[0].Verdict, judge);
        return new(smallest, verdict, SharedTraits.Of(tally), FindTwins(kernel, [smallest, .. failing.Select(item => item.Case)], kind, judge));
    }

    private static (GateCase Case, Verdict Verdict) Shrink(Kernel kernel, GateCase gateCase, Verdict verdict, ICaseJudge judge)
    {
        int tries = verdict.Failure switch { FailureKind.TimedOut => 0, FailureKind.Crashed => MostCrashes, _ => MostTries };
        for (bool shrunk = true; shrunk && tries > 0;)
        {
            shrunk = false;
            foreach (GateCase smaller in SmallerCases.Of(gateCase))
            {
                if (tries-- == 0)
                    break;
                if (judge.Judge(kernel, smaller, Detail.Least).Verdict is { } next && next.Failure == verdict.Failure)
                {
                    (gateCase, verdict, shrunk) = (smaller, next, true);
                    break;
                }
            }
        }
        return (gateCase, verdict);
    }

    private static string[] FindTwins(Kernel kernel, IEnumerable<GateCase> failing, FailureKind kind, ICaseJudge judge)
    {
        if (kind is FailureKind.Crashed or FailureKind.TimedOut or FailureKind.Threw)
            return [];
        string[]? twins = null;
        foreach (GateCase gateCase in failing.Distinct().Take(MostTwinCases))
        {
            IReadOnlyList<string> same = judge.Judge(kernel, gateCase, Detail.Twins).Twins ?? [];
            twins = twins is null ? [.. same] : [.. twins.Intersect(same)];
            if (twins.Length == 0)
                break;
        }
        return twins ?? [];
    }
}
