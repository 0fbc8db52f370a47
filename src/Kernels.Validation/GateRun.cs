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
        if (tally.Cases.Any(item => item.Verdict?.Failure == FailureKind.NoReference))
            return (tally, tally.Result(deviation: null, distances: null));
        return (tally, tally.Result(SoftmaxDeviation.Measure(kernel.Info, options), SoftmaxDistances.Of(kernel.Info.Operation, options.Cache)));
    }

    /// <summary>Why a case does not apply to a kernel; null when it does.</summary>
    public static string? WhyNot(Kernel kernel, GateCase gateCase, GateOptions options) =>
        gateCase.Injection is not null && kernel.Backend is { FiniteInputsOnly: true } ? "promises nothing of inputs that are not finite"
        : !options.Cache.Reference(kernel.Info.Operation).Takes(gateCase.Inputs, kernel.Info.Format.Input) ? "such inputs exceed the range of the operation or of its format"
        : kernel.WhyNot(gateCase.Problem);

    /// <summary>Runs the cases that the kernel does not refuse.</summary>
    public static GateTally Tally(Kernel kernel, GateOptions options, IProgress<GateProgress>? progress)
    {
        var tally = new GateTally(kernel);
        // A backend has its own threads, and its results may depend on their number.
        IExecutor[] teams = kernel.Backend is not null
            ? []
            : [.. options.Threads.Where(threads => threads > 1).Select(threads => new Team(threads))];
        try
        {
            for (int done = 0; done < options.Cases.Count && !(options.StopAtFirstFailure && tally.Failed > 0); done++)
            {
                GateCase gateCase = options.Cases[done];
                progress?.Report(new(kernel.Info.Name, done, options.Cases.Count));
                if (WhyNot(kernel, gateCase, options) is null)
                    tally.Add(gateCase, Run(kernel, gateCase, options, teams));
                else
                    tally.AddRefusal(gateCase);
            }
            progress?.Report(new(kernel.Info.Name, options.Cases.Count, options.Cases.Count));
        }
        finally
        {
            foreach (IExecutor team in teams)
                team.Dispose();
        }
        return tally;
    }

    // Without a reference nothing is known about the kernel on this case; other cases and kernels can still be judged.
    private static Verdict Run(Kernel kernel, GateCase gateCase, GateOptions options, IExecutor[] teams)
    {
        Expectation expectation;
        try
        {
            expectation = options.Cache.Expectation(gateCase, kernel.Info);
        }
        catch (ReferenceException failure)
        {
            ErrorCard nothing = new(null, null, null, ToleranceRule.Limit(kernel.Info), null, CheckedRows: 0, TotalRows: 0);
            return new(FailureKind.NoReference, $"cannot be judged: {failure.Message}", nothing);
        }
        return Gate.Run(kernel, expectation, options.Fence, teams);
    }
}
