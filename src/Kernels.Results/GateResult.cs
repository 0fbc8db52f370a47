namespace Kernels.Results;

/// <summary>The gate's verdict on a kernel over all its cases: its error card in the report.</summary>
public sealed record GateResult
{
    /// <summary>Cases that passed, warnings included.</summary>
    public required int Passed { get; init; }

    /// <summary>Cases that failed; one is enough to make the kernel wrong.</summary>
    public required int Failed { get; init; }

    /// <summary>Cases that passed with more than half of the limit.</summary>
    public required int Warned { get; init; }

    /// <summary>Cases that the kernel refused.</summary>
    public required int Refused { get; init; }

    /// <summary>Cases among them on what a trained model attends with; null where none was fetched.</summary>
    public int? Captured { get; init; }

    /// <summary>Cases left out after a crash, a timeout or Ctrl-C, or after the first failure; null when all were run.</summary>
    public int? NotRun { get; init; }

    /// <summary>The first failure as a sentence; null when all passed.</summary>
    public string? Failure { get; init; }

    /// <summary>Whether the first failure is an exception, a crash or a timeout of the kernel.</summary>
    public bool Threw { get; init; }

    /// <summary>Case with the largest share of its limit, such as <c>b1-h2-q64-k64-d64 peaked seed 1</c>.</summary>
    public string? WorstCase { get; init; }

    /// <summary>Errors of that case.</summary>
    public ErrorCard? Worst { get; init; }

    /// <summary>
    /// NMSE of the operation's gold against that of softmax attention in float32, by input family. Null for kernels that compute softmax
    /// attention in float32. It is reported only.
    /// </summary>
    public IReadOnlyDictionary<string, double>? DeviationFromSoftmax { get; init; }

    /// <summary>The same by input family and number of keys; null for kernels that compute softmax attention in float32.</summary>
    public IReadOnlyList<SoftmaxDistance>? DistanceFromSoftmax { get; init; }
}
