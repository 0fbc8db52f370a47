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

    /// <summary>Cases that the kernel refused, so that nothing is known of them.</summary>
    public required int Refused { get; init; }

    /// <summary>The first failure as a sentence; null when all passed.</summary>
    public string? Failure { get; init; }

    /// <summary>Whether the first failure is that the kernel threw, so that nothing is known of its numbers.</summary>
    public bool Threw { get; init; }

    /// <summary>Case with the largest share of its limit, such as <c>b1-h2-q64-k64-d64 peaked seed 1</c>.</summary>
    public string? WorstCase { get; init; }

    /// <summary>Errors of that case.</summary>
    public ErrorCard? Worst { get; init; }

    /// <summary>
    /// How far the operation, or softmax attention in narrower formats, is from softmax attention in float32, by input family: NMSE against the
    /// softmax oracle. Null for kernels that compute softmax attention in float32. Reported, never judged.
    /// </summary>
    public IReadOnlyDictionary<string, double>? DeviationFromSoftmax { get; init; }

    /// <summary>The same by input family and number of keys, to see how it grows; null for kernels that compute softmax attention in float32.</summary>
    public IReadOnlyList<SoftmaxDistance>? DistanceFromSoftmax { get; init; }
}
