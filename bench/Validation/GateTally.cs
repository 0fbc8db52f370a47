using Kernels.Abstractions;
using Kernels.Bench.Results;

namespace Kernels.Bench.Validation;

/// <summary>Sums up the verdicts on one kernel.</summary>
internal sealed class GateTally(AttentionKernel kernel)
{
    private int passed, warned, refused;
    private string? failure;
    private GateCase? worstCase;
    private ErrorCard? worst;

    /// <summary>Cases that failed so far.</summary>
    public int Failed { get; private set; }

    /// <summary>Why the first of them failed.</summary>
    public FailureKind? FirstFailure { get; private set; }

    public void AddRefusal() => refused++;

    public void Add(GateCase gateCase, Verdict verdict)
    {
        if (verdict.Passed)
            passed++;
        else
            AddFailure(gateCase, verdict);
        if (verdict.Warned)
            warned++;
        if (verdict.Errors.RatioToBase is { } ratio && (worst is null || ratio > worst.RatioToBase))
            (worstCase, worst) = (gateCase, verdict.Errors);
    }

    public GateResult Result(IReadOnlyDictionary<string, double>? deviation) => new()
    {
        Passed = passed,
        Failed = Failed,
        Warned = warned,
        Refused = refused,
        Failure = failure,
        WorstCase = worstCase?.ToString(),
        Worst = worst,
        DeviationFromSoftmax = deviation,
    };

    private void AddFailure(GateCase gateCase, Verdict verdict)
    {
        Failed++;
        FirstFailure ??= verdict.Failure;
        failure ??= $"{kernel.Info.Name} on {gateCase}: {verdict.Message}";
    }
}
