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
        var tally = new GateTally(kernel, options.Cases.Count);
        try
        {
            for (int done = 0; done < options.Cases.Count && !Ends(tally, options); done++)
            {
                progress?.Report(new(kernel.Info.Name, done, options.Cases.Count, options.Cases[done]));
                tally.Add(options.Cases[done], judge.Judge(kernel, options.Cases[done]));
            }
            progress?.Report(new(kernel.Info.Name, options.Cases.Count, options.Cases.Count));
        }
        catch (OperationCanceledException) when (options.Stop.IsCancellationRequested)
        {
            // Stopped in the middle of a case; the verdicts before it stand.
        }
        return tally;
    }

    private static bool Ends(GateTally tally, GateOptions options) =>
        options.Stop.IsCancellationRequested || tally.LastFailure is FailureKind.TimedOut or FailureKind.Crashed
        || (options.StopAtFirstFailure && tally.Failed > 0);
}
