namespace Kernels.Bench.PeerPrograms;

/// <summary>One line that a peer reads. Absent fields are left out; docs/peers.md says which each request has.</summary>
internal sealed record PeerRequest(string Do)
{
    /// <summary>Of <c>hello</c>.</summary>
    public int? Protocol { get; init; }

    /// <summary>Of <c>hello</c>.</summary>
    public string? Operator { get; init; }

    /// <summary>Of <c>supports</c> and <c>load</c>.</summary>
    public PeerProblem? Problem { get; init; }

    /// <summary>Of <c>load</c>.</summary>
    public int? Threads { get; init; }

    /// <summary>Of <c>load</c>: files of little-endian float32 numbers.</summary>
    public string? Q { get; init; }

    /// <inheritdoc cref="Q"/>
    public string? K { get; init; }

    /// <inheritdoc cref="Q"/>
    public string? V { get; init; }

    /// <summary>Of <c>run</c>.</summary>
    public int? Calls { get; init; }

    /// <summary>Of <c>run</c>: the file to write; none when the output is not asked for.</summary>
    public string? Output { get; init; }
}
