using Kernels.Abstractions;
using Kernels.Results;
using Kernels.Validation;

namespace Kernels.Bench.Commands;

/// <summary>A kernel in the gate, and where it is wrong, why.</summary>
internal static class KernelVerification
{
    /// <summary>The verdicts of all cases; one that cannot run here has its reason instead.</summary>
    public static VerifiedKernel Of(Kernel kernel, GateOptions options, IProgress<GateProgress>? progress, Func<GateCase, string> replay)
    {
        (string operation, string format) = (kernel.Info.Operation.Name, kernel.Info.Format.Name);
        if (kernel.Unavailable is { } reason)
            return new(kernel.Info.Name, operation, format, reason, Gate: null, Cases: []);
        (GateTally tally, GateResult gate) = GateRun.Judge(kernel, options, progress);
        return new(kernel.Info.Name, operation, format, Reason: null, gate, [.. tally.Cases.Select(item => Describe(item.Case, item.Answer))])
        {
            Explanation = Explain(kernel, tally, options, progress, replay),
        };
    }

    private static VerifiedExplanation? Explain(
        Kernel kernel, GateTally tally, GateOptions options, IProgress<GateProgress>? progress, Func<GateCase, string> replay)
    {
        try
        {
            progress?.Report(new($"{kernel.Info.Name}: why it is wrong", tally.Cases.Count, options.Cases.Count));
            return Explaining.Of(kernel, tally, options.Judge!) is { } found
                ? new(Describe(found.Smallest, new CaseAnswer(found.Verdict)), found.Shared, found.Twins, replay(found.Smallest))
                : null;
        }
        catch (OperationCanceledException) when (options.Stop.IsCancellationRequested)
        {
            return null;
        }
    }

    private static VerifiedCase Describe(GateCase gateCase, CaseAnswer answer) =>
        new(gateCase.Problem.ToString(), gateCase.Inputs, gateCase.Seed, gateCase.Injection?.ToString(),
            answer.Verdict is not { } verdict ? VerifiedStatus.Refused : verdict.Passed ? VerifiedStatus.Passed : VerifiedStatus.Failed,
            answer.Verdict?.Failure, answer.Refusal ?? answer.Verdict?.Message, answer.Verdict?.Warned ?? false, answer.Verdict?.Errors)
        {
            Mismatch = answer.Verdict?.Mismatch,
            WrongPlaces = answer.Verdict?.WrongPlaces,
        };
}
