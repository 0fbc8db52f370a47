using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Results;

namespace Kernels.Validation;

/// <summary>Runs a kernel on all cases of the gate.</summary>
public static class GateRun
{
    /// <summary>Runs the cases that the kernel does not refuse, and summarises the verdicts.</summary>
    public static GateResult Validate(Kernel kernel, GateOptions options, IProgress<GateProgress>? progress = null) =>
        Judge(kernel, options, progress).Result;

    /// <summary>The same, with the verdict on each case.</summary>
    public static (GateTally Tally, GateResult Result) Judge(Kernel kernel, GateOptions options, IProgress<GateProgress>? progress)
    {
        GateTally tally = OwnThread.Run(() => Tally(kernel, options, progress));
        // Both are computed by the reference, which must be sound.
        if (options.Stop.IsCancellationRequested || tally.Cases.Any(item => item.Answer.Verdict?.Failure == FailureKind.NoReference))
            return (tally, tally.Result(deviation: null, distances: null));
        return (tally, tally.Result(SoftmaxDeviation.Measure(kernel.Info, options), SoftmaxDistances.Of(kernel.Info.Operation, options.Cache)));
    }

    /// <summary>Runs the cases until one hangs or ends its process: what a kernel does after that is not worth the wait.</summary>
    public static GateTally Tally(Kernel kernel, GateOptions options, IProgress<GateProgress>? progress)
    {
        using CaseJudge? own = options.Judge is null ? new CaseJudge(options.Cache) : null;
        ICaseJudge judge = options.Judge ?? own!;
        IReadOnlyList<GateCase> cases = Own(kernel, options.Cases);
        var tally = new GateTally(kernel, cases.Count);
        try
        {
            for (int done = 0; done < cases.Count && !Ends(tally, options); done++)
            {
                progress?.Report(new(kernel.Info.Name, done, cases.Count, cases[done]));
                tally.Add(cases[done], judge.Judge(kernel, cases[done]));
            }
            progress?.Report(new(kernel.Info.Name, cases.Count, cases.Count));
        }
        catch (OperationCanceledException) when (options.Stop.IsCancellationRequested)
        {
            // Stopped in the middle of a case; the verdicts before it stand.
        }
        return tally;
    }

    // Problems of another kind are no refusals of the kernel, unless nothing else was asked of it.
    private static IReadOnlyList<GateCase> Own(Kernel kernel, IReadOnlyList<GateCase> cases) =>
        cases.Where(each => kernel.Info.Operation.IsFor(each.Problem)).ToArray() is { Length: > 0 } own ? own : cases;

    private static bool Ends(GateTally tally, GateOptions options) =>
        options.Stop.IsCancellationRequested || tally.LastFailure is FailureKind.TimedOut or FailureKind.Crashed
        || (options.StopAtFirstFailure && tally.Failed > 0);
}
