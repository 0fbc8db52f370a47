using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Results;

namespace Kernels.Validation;

/// <summary>Summarises the verdicts on one kernel.</summary>
public sealed class GateTally(Kernel kernel)
{
    private readonly List<(GateCase Case, Verdict? Verdict)> cases = [];
    private GateCase? worstCase;
    private ErrorCard? worst;

    /// <summary>Every case so far; without a verdict where the kernel refused the problem.</summary>
    public IReadOnlyList<(GateCase Case, Verdict? Verdict)> Cases => cases;

    /// <summary>Cases that failed so far.</summary>
    public int Failed { get; private set; }

    /// <summary>Why the first of them failed; null when none did.</summary>
    public FailureKind? FirstFailure { get; private set; }

    /// <summary>The reason as a sentence.</summary>
    public string? FailureMessage { get; private set; }

    /// <summary>Adds a case whose problem the kernel refused.</summary>
    public void AddRefusal(GateCase gateCase) => cases.Add((gateCase, null));

    /// <summary>Adds the verdict on a case.</summary>
    public void Add(GateCase gateCase, Verdict verdict)
    {
        cases.Add((gateCase, verdict));
        if (!verdict.Passed)
            AddFailure(gateCase, verdict);
        if (verdict.Errors.RatioToBase is { } ratio && (worst is null || ratio > worst.RatioToBase))
            (worstCase, worst) = (gateCase, verdict.Errors);
    }

    /// <summary>The summary; <paramref name="deviation"/> is the distance of the operation from softmax attention.</summary>
    public GateResult Result(IReadOnlyDictionary<string, double>? deviation, IReadOnlyList<SoftmaxDistance>? distances) => new()
    {
        Passed = cases.Count(item => item.Verdict is { Passed: true }),
        Failed = Failed,
        Warned = cases.Count(item => item.Verdict is { Warned: true }),
        Refused = cases.Count(item => item.Verdict is null),
        Failure = FailureMessage,
        Threw = FirstFailure == FailureKind.Threw,
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
