namespace Kernels.Peers;

/// <summary>One line that a peer writes. Fields that it does not know are ignored.</summary>
internal sealed record PeerAnswer
{
    /// <summary>To <c>hello</c>: the library and its version.</summary>
    public string? Version { get; init; }

    /// <summary>To <c>hello</c>: why the peer cannot run here.</summary>
    public string? Missing { get; init; }

    /// <summary>To <c>supports</c>: why the operator cannot compute the problem; absent when it can.</summary>
    public string? Refusal { get; init; }

    /// <summary>To <c>run</c>: nanoseconds of each call.</summary>
    public double[]? Nanoseconds { get; init; }

    /// <summary>To <c>run</c>: processor time of the calls divided by their time.</summary>
    public double? ThreadsBusy { get; init; }

    /// <summary>To anything: what went wrong.</summary>
    public string? Error { get; init; }
}
