using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Results;

namespace Kernels.Validation;

/// <summary>Summarises the verdicts on one kernel.</summary>
/// <param name="kernel">The kernel.</param>
/// <param name="planned">Cases to run.</param>
public sealed class GateTally(Kernel kernel, int planned)
{
    private readonly List<(GateCase Case, CaseAnswer Answer)> cases = [];
    private GateCase? worstCase;
    private ErrorCard? worst;

    /// <summary>Every case so far.</summary>
    public IReadOnlyList<(GateCase Case, CaseAnswer Answer)> Cases => cases;

    /// <summary>Cases that failed so far.</summary>
    public int Failed { get; private set; }

    /// <summary>Why the first of them failed; null when none did.</summary>
    public FailureKind? FirstFailure { get; private set; }

    /// <summary>Why the last case failed; null when it did not.</summary>
    public FailureKind? LastFailure => cases is [.., { } last] ? last.Answer.Verdict?.Failure : null;

    /// <summary>The reason of the first failure as a sentence.</summary>
    public string? FailureMessage { get; private set; }

    /// <summary>Adds what was said of a case.</summary>
    public void Add(GateCase gateCase, CaseAnswer answer)
    {
        cases.Add((gateCase, answer));
        if (answer.Verdict is not { } verdict)
            return;
        if (!verdict.Passed)
            AddFailure(gateCase, verdict);
        if (verdict.Errors.RatioToBase is { } ratio && (worst is null || ratio > worst.RatioToBase))
            (worstCase, worst) = (gateCase, verdict.Errors);
    }

    /// <summary>The summary; <paramref name="deviation"/> is the distance of the operation from softmax attention.</summary>
    public GateResult Result(IReadOnlyDictionary<string, double>? deviation, IReadOnlyList<SoftmaxDistance>? distances) => new()
    {
        Passed = cases.Count(item => item.Answer.Verdict is { Passed: true }),
        Failed = Failed,
        Warned = cases.Count(item => item.Answer.Verdict is { Warned: true }),
        Refused = cases.Count(item => item.Answer.Verdict is null),
        Captured = cases.Count(item => item.Case.Inputs == InputFamily.Captured && item.Answer.Verdict is not null) is > 0 and var captured ? captured : null,
        NotRun = planned > cases.Count ? planned - cases.Count : null,
        Failure = FailureMessage,
        Threw = FirstFailure is FailureKind.Threw or FailureKind.TimedOut or FailureKind.Crashed,
        WorstCase = worstCase?.ToString(),
        Worst = worst,
        DeviationFromSoftmax = deviation,
        DistanceFromSoftmax = distances,
    };

    private void AddFailure(GateCase gateCase, Verdict verdict)
    {
        Failed++;
        FirstFailure ??= verdict.Failure;
        FailureMessage ??= $"{kernel.Info.Name} on {gateCase}: {verdict.Message}";
    }
}
