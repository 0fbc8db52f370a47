namespace Kernels.NativePeers.Protocol;

/// <summary>What an operator is asked to compute.</summary>
/// <param name="Operation"><c>softmax</c> or another name of docs/peers.md.</param>
/// <param name="Problem">Sizes, scale and mask.</param>
/// <param name="Operands">By name.</param>
internal sealed record Attention(string Operation, Problem Problem, IReadOnlyDictionary<string, Operand> Operands)
{
    public const string Softmax = "softmax", SoftmaxLse = "softmax-lse", SoftmaxBackward = "softmax-backward";

    public Operand Q => Operands["q"];

    public Operand K => Operands["k"];

    public Operand V => Operands["v"];

    /// <summary>Format of all inputs.</summary>
    public string Element => Q.Element;

    /// <summary>The part of a refusal that every operator shares: which operations and formats it has.</summary>
    public string? Refusal(string[] operations, params string[] elements) =>
        !operations.Contains(Operation) ? $"does not compute {Operation}"
        : Operands.Values.Where(each => each.Role != "output").FirstOrDefault(each => !elements.Contains(each.Element)) is { } input
            ? $"takes inputs of {string.Join(" and ", elements)}, not {input.Element}"
        : Operands.Values.Where(each => each.Role == "output").All(each => each.Element == Operand.Float32) ? null
        : "writes float32 alone";

    /// <summary>Requires the inputs of the shapes that the problem says, and q, k and v in one format.</summary>
    /// <exception cref="RequestException">Something is missing or contradicts the problem.</exception>
    public void RequireWhole()
    {
        Problem.RequireSizes();
        Problem p = Problem;
        Require("q", p.Heads, p.Queries, p.HeadDim);
        Require("k", p.KvHeads, p.Keys, p.HeadDim);
        Require("v", p.KvHeads, p.Keys, p.ValueDim);
        if (Operation == SoftmaxBackward)
        {
            Require("o", p.Heads, p.Queries, p.ValueDim);
            Require("do", p.Heads, p.Queries, p.ValueDim);
            Require("lse", p.Heads, p.Queries, 1);
        }
        if (K.Element != Element || V.Element != Element)
            throw new RequestException("q, k and v are of different elements");
    }

    private void Require(string name, int heads, int tokens, int channels)
    {
        if (!Operands.TryGetValue(name, out Operand? operand))
            throw new RequestException($"there is no operand {name}");
        if (operand.Shape is null || !operand.Shape.SequenceEqual([Problem.Batch, heads, tokens, channels]))
            throw new RequestException($"the shape of {name} is not that of the problem");
    }
}
