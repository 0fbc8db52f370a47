namespace Kernels.Peers;

/// <summary>One line that a peer reads. Absent fields are left out; docs/peers.md says which each request has.</summary>
internal sealed record PeerRequest(string Do)
{
    /// <summary>Of <c>hello</c>.</summary>
    public int? Protocol { get; init; }

    /// <summary>Of <c>hello</c>.</summary>
    public string? Operator { get; init; }

    /// <summary>Of <c>supports</c> and <c>load</c>: the name of an operation.</summary>
    public string? Operation { get; init; }

    /// <summary>Of <c>supports</c> and <c>load</c>.</summary>
    public PeerProblem? Problem { get; init; }

    /// <summary>Of <c>supports</c> and <c>load</c>, by name.</summary>
    public IReadOnlyDictionary<string, PeerOperand>? Operands { get; init; }

    /// <summary>Of <c>load</c>.</summary>
    public int? Threads { get; init; }

    /// <summary>Of <c>run</c>.</summary>
    public int? Calls { get; init; }

    /// <summary>Of <c>run</c>: for each operand that is written the file to write.</summary>
    public IReadOnlyDictionary<string, string>? Outputs { get; init; }
}
