namespace Kernels.NativePeers.Protocol;

/// <summary>One line that this program reads; docs/peers.md says which fields each request has.</summary>
internal sealed record Request(string Do)
{
    public int? Protocol { get; init; }

    public string? Operator { get; init; }

    public string? Operation { get; init; }

    public Problem? Problem { get; init; }

    public IReadOnlyDictionary<string, Operand>? Operands { get; init; }

    public int? Threads { get; init; }

    public int? Calls { get; init; }

    public IReadOnlyDictionary<string, string>? Outputs { get; init; }

    /// <summary>What is to be computed, of <c>supports</c> and <c>load</c>.</summary>
    /// <exception cref="RequestException">It is not said, or contradicts itself.</exception>
    public Attention Attention()
    {
        var attention = new Attention(
            Operation ?? throw Lacks("operation"), Problem ?? throw Lacks("problem"), Operands ?? throw Lacks("operands"));
        attention.RequireWhole();
        return attention;
    }

    /// <summary>The exception for a field that the request needs and has not.</summary>
    public RequestException Lacks(string field) => new($"{Do} lacks {field}");
}
