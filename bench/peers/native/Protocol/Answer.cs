namespace Kernels.NativePeers.Protocol;

/// <summary>One line that this program writes; absent fields are left out.</summary>
internal sealed record Answer
{
    public string? Version { get; init; }

    public string? Missing { get; init; }

    public string? Refusal { get; init; }

    public long[]? Nanoseconds { get; init; }

    public double? ThreadsBusy { get; init; }

    public string? Error { get; init; }
}
